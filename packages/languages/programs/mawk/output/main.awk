BEGIN {
    line = "0123456789"
    line = line line line line line line line line line line
    for (i = 0; i < 1000000; i++)
        print line
}
