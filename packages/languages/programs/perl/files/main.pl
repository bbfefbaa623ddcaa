use strict;
use warnings;
use Answer;

print Answer::answer(), "\n";
