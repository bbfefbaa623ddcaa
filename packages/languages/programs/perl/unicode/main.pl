use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my $grüße = "Grüße, 世界! ∑ 🙂";
print "$grüße\n";
