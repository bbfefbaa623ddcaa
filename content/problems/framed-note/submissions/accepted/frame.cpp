#include <algorithm>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

int main() {
    int n;
    std::cin >> n;
    std::string rest;
    std::getline(std::cin, rest);
    std::vector<std::string> lines(n);
    std::size_t width = 0;
    for (auto &line : lines) {
        std::getline(std::cin, line);
        width = std::max(width, line.size());
    }
    const std::string edge = "+" + std::string(width + 2, '-') + "+";
    std::cout << edge << '\n';
    for (const auto &line : lines) {
        std::cout << "| " << std::left << std::setw(static_cast<int>(width)) << line << " |\n";
    }
    std::cout << edge << '\n';
}
