int main()
{
  int n = 0;
  while (1)
    n = (n + 1) % 1000;
}
