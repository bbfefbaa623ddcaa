use strict;
use warnings;

die "nobody catches this";
