import std.stdio;

int main()
{
    stderr.writeln("out of order");
    return 7;
}
