use strict;
use warnings;

print STDERR "out of order\n";
exit 7;
