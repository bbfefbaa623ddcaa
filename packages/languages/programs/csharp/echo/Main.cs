using System;
using System.IO;

class Program
{
    static void Main()
    {
        using (var output = new StreamWriter(Console.OpenStandardOutput()))
        {
            output.NewLine = "\n";
            for (string line = Console.ReadLine(); line != null; line = Console.ReadLine())
                output.WriteLine(line);
        }
    }
}
