<?php

$socket = @stream_socket_client("tcp://192.0.2.1:80", $number, $message, 2);
echo $socket === false ? "refused\n" : "connected\n";
