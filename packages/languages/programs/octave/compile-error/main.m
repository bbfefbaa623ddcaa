printf("half a program\n"
