name = strtrim(fgetl(stdin));
printf("Hello, %s!\n", name);
