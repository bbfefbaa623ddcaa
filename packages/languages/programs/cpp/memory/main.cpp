#include <iostream>
#include <numeric>
#include <vector>

int main() {
    std::vector<std::vector<char>> pieces;
    for (int i = 0; i < 128; i++) {
        pieces.emplace_back(8 * 1024 * 1024, 1);
    }
    long sum = 0;
    for (const auto &piece : pieces) {
        sum = std::accumulate(piece.begin(), piece.end(), sum);
    }
    std::cout << "too much " << sum << '\n';
}
