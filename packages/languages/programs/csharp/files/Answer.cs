static class Answer
{
    public static int Value() => 6 * 7;
}
