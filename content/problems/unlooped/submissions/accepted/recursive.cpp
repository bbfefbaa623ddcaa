#include <iostream>

static int steps(long long x, int done) {
    if (x == 1) return done;
    return steps(x % 2 == 0 ? x / 2 : 3 * x + 1, done + 1);
}

int main() {
    long long x;
    std::cin >> x;
    std::cout << steps(x, 0) << '\n';
}
