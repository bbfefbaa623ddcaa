import core.thread;
import std.stdio;

void main()
{
    int result;
    auto worker = new Thread({ result = 6 * 7; });
    worker.start();
    worker.join();
    writeln(result);
}
