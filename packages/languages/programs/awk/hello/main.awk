BEGIN {
    print "Hello, World!"
}
