int main()
{
  array(string) pieces = ({});
  for (int i = 0; i < 128; i++)
    pieces += ({ random_string(1024) * (8 * 1024) });
  write("too much %d\n", sizeof(pieces));
}
