use strict;
use warnings;

pipe(my $reader, my $writer) or die "no pipe: $!";
my $child = fork() // die "no process: $!";
if ($child == 0) {
    print $writer 6 * 7, "\n";
    exit 0;
}
close $writer;
waitpid $child, 0;
print scalar <$reader>;
