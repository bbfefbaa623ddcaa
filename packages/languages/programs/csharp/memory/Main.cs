using System;
using System.Collections.Generic;

class Program
{
    static void Main()
    {
        var pieces = new List<byte[]>();
        for (int i = 0; i < 128; i++)
        {
            var piece = new byte[8 * 1024 * 1024];
            for (int j = 0; j < piece.Length; j += 64)
                piece[j] = 1;
            pieces.Add(piece);
        }
        Console.WriteLine("too much " + pieces.Count);
    }
}
