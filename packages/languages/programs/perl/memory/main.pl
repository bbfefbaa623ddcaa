use strict;
use warnings;

my @pieces;
for my $i (1 .. 128) {
    push @pieces, chr($i % 128) x (8 * 1024 * 1024);
}
print "too much ", scalar(@pieces), "\n";
