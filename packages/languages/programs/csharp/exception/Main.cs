using System;

class Program
{
    static void Main()
    {
        int[] numbers = { 1, 2, 3 };
        Console.WriteLine(numbers[numbers.Length]);
    }
}
