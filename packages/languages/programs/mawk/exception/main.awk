BEGIN {
    printf "%d %d\n", 6
}
