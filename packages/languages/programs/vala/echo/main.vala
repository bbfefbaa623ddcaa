void main () {
    string? line;
    while ((line = stdin.read_line ()) != null) {
        stdout.puts (line);
        stdout.putc ('\n');
    }
}
