print("half a program"
