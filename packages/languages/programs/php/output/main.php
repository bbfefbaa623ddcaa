<?php

$line = str_repeat("0123456789", 10) . "\n";
for ($i = 0; $i < 1_000_000; $i++) {
    echo $line;
}
