using System;

class Program
{
    static void Main()
    {
        Console.WriteLine("half a program"
    }
}
