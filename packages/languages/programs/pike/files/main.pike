inherit "answer.pike";

int main()
{
  write("%d\n", answer());
}
