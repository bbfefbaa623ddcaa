int main()
{
  string block;
  while (sizeof(block = Stdio.stdin->read(65536)))
    write("%s", block);
}
