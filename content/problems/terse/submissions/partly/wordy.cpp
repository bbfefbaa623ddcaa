#include <iostream>
#include <string>

int main() {
    int steps;
    std::cin >> steps;
    for (int step = 1; step <= steps; step++) {
        const std::string air(2 * (steps - step), '.');
        const std::string stone(2 * step, '#');
        std::cout << air << stone << '\n';
    }
}
