void main () {
    string greeting = "Grüße, 世界! ∑ 🙂";
    stdout.printf ("%s\n", greeting);
}
