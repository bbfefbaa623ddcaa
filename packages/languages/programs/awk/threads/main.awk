BEGIN {
    "echo $((6 * 7))" | getline answer
    print answer
}
