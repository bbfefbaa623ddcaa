void main () {
    int[] numbers = { 1, 2, 3 };
    int index = numbers.length;
    assert (index < 3);
    stdout.printf ("%d\n", numbers[index]);
}
