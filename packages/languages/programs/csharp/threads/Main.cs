using System;
using System.Threading.Tasks;

class Program
{
    static void Main()
    {
        Task<int> task = Task.Run(() => 6 * 7);
        Console.WriteLine(task.Result);
    }
}
