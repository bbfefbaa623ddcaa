printf("%d\n", answer());
