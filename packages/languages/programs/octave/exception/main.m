numbers = [1, 2, 3];
printf("%d\n", numbers(4));
