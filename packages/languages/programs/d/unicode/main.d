import std.stdio;

void main()
{
    string grüße = "Grüße, 世界! ∑ 🙂";
    writeln(grüße);
}
