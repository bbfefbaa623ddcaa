my $name = get;
say "Hello, $name!";
