my $line = "0123456789" x 10;
for ^1000000 {
    say $line;
}
