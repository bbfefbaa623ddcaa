void main (string[] args) {
    foreach (unowned string argument in args[1:args.length]) {
        stdout.puts (argument);
        stdout.putc ('\n');
    }
}
