int main()
{
  string line = "0123456789" * 10 + "\n";
  for (int i = 0; i < 1000000; i++)
    write(line);
}
