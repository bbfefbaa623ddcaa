#include <chrono>
#include <cstdio>

using namespace std::chrono;

static seconds read() {
    int h = 0, m = 0, s = 0;
    if (std::scanf("%d:%d:%d", &h, &m, &s) != 3) return 0s;
    return hours(h) + minutes(m) + seconds(s);
}

int main() {
    const seconds start = read();
    seconds run = read() - start;
    if (run < 0s) run += 24h;
    const hh_mm_ss time(run);
    std::printf("%02d:%02d:%02d\n", static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
}
