<?php

echo("half a program"
