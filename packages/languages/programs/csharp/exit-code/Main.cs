using System;

class Program
{
    static int Main()
    {
        Console.Error.WriteLine("out of order");
        return 7;
    }
}
