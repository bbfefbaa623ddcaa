{
    print "Hello, " $0 "!"
}
