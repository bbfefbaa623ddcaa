<?php

[$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, STREAM_IPPROTO_IP);
$child = pcntl_fork();
if ($child === 0) {
    fwrite($theirs, (string) (6 * 7));
    exit(0);
}
fclose($theirs);
pcntl_waitpid($child, $status);
echo stream_get_contents($ours), "\n";
