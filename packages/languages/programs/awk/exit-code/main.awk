BEGIN {
    print "out of order" > "/dev/stderr"
    exit 7
}
