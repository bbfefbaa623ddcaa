{
    print
}
