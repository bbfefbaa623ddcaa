void main () {
    var worker = new Thread<int> ("worker", () => {
        return 6 * 7;
    });
    stdout.printf ("%d\n", worker.join ());
}
