import std.stdio;

void main()
{
    writeln("half a program"
}
