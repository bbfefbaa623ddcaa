(format t "half a program"
