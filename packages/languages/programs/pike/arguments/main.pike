int main(int count, array(string) arguments)
{
  foreach (arguments[1..], string argument)
    write("%s\n", argument);
}
