<?php

$pieces = [];
for ($i = 0; $i < 128; $i++) {
    $pieces[] = str_repeat(chr($i), 8 * 1024 * 1024);
}
echo "too much ", count($pieces), "\n";
