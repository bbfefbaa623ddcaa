int main()
{
  werror("out of order\n");
  return 7;
}
