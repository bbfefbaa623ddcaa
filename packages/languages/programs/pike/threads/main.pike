int main()
{
  Thread.Thread thread = Thread.Thread(lambda() { return 6 * 7; });
  write("%d\n", thread->wait());
}
