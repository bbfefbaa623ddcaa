<?php

require __DIR__ . '/answer.php';

echo answer(), "\n";
