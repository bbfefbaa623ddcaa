my $thread = start { 6 * 7 };
say await $thread;
