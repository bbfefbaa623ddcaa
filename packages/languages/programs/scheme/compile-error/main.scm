(display "half a program"
