BEGIN {
    print "half a program"
