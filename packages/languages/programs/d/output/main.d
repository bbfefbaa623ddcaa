import std.array;
import std.stdio;

void main()
{
    string line = replicate("0123456789", 10);
    foreach (i; 0 .. 1_000_000)
        writeln(line);
}
