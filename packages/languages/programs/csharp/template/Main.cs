using System;

class Program
{
    static void Main()
    {
        string name = Console.ReadLine();
        Console.WriteLine($"Hello, {name}!");
    }
}
