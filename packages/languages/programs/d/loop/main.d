import std.stdio;

void main(string[] args)
{
    uint n = 0;
    while (n < 1000)
        n = (n + 1) % 1000;
    writeln(n);
}
