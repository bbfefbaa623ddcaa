#charset utf-8

int main()
{
  string grüße = "Grüße, 世界! ∑ 🙂";
  write("%s\n", string_to_utf8(grüße));
}
