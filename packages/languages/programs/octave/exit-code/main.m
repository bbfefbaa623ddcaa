fputs(stderr, "out of order\n");
exit(7);
