using System;

class Program
{
    static void Main(string[] arguments)
    {
        foreach (string argument in arguments)
            Console.WriteLine(argument);
    }
}
