BEGIN {
    print answer()
}
