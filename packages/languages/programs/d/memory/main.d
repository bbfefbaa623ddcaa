import std.stdio;

void main()
{
    ubyte[][] pieces;
    foreach (i; 0 .. 128)
    {
        pieces ~= new ubyte[8 * 1024 * 1024];
        pieces[$ - 1][] = 1;
    }
    long sum = 0;
    foreach (i, piece; pieces)
        sum += piece[i];
    writeln("too much ", sum);
}
