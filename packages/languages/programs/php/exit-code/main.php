<?php

fwrite(STDERR, "out of order\n");
exit(7);
