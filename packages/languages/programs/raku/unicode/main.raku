my $grüße = "Grüße, 世界! ∑ 🙂";
say $grüße;
