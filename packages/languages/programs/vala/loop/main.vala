void main () {
    uint n = 0;
    while (n < 1000) {
        n = (n + 1) % 1000;
    }
    stdout.printf ("%u\n", n);
}
