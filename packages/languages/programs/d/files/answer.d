module answer;

int theAnswer()
{
    return 6 * 7;
}
