int main () {
    stderr.printf ("out of order\n");
    return 7;
}
