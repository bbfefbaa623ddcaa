BEGIN {
    piece = "0123456789abcdef"
    while (length(piece) < 8 * 1024 * 1024)
        piece = piece piece
    for (i = 0; i < 128; i++)
        pieces[i] = piece i
    print "too much", length(pieces[0])
}
