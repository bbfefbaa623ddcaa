void main () {
    string line = string.nfill (100, 'x');
    for (int i = 0; i < 1000000; i++) {
        stdout.puts (line);
        stdout.putc ('\n');
    }
}
