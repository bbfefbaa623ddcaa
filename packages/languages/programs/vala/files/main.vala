void main () {
    stdout.printf ("%d\n", answer ());
}
