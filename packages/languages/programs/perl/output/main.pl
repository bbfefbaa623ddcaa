use strict;
use warnings;

my $line = "0123456789" x 10 . "\n";
print $line for 1 .. 1_000_000;
