int main()
{
  Stdio.File client = Stdio.File();
  int connected = !catch {
    if (!client->connect("192.0.2.1", 80)) error("refused\n");
  };
  write(connected ? "connected\n" : "refused\n");
}
