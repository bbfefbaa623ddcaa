int main()
{
  array(int) numbers = ({ 1, 2, 3 });
  int index = sizeof(numbers);
  write("%d\n", numbers[index]);
}
