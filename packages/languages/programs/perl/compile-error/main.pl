use strict;
use warnings;

print("half a program"
