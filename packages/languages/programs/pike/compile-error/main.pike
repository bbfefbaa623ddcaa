int main()
{
  write("half a program";
}
