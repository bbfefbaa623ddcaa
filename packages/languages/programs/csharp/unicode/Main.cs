using System;

class Program
{
    static void Main()
    {
        string grüße = "Grüße, 世界! ∑ 🙂";
        Console.WriteLine(grüße);
    }
}
