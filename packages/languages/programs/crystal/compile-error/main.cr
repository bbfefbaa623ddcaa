puts("half a program"
