#include <iostream>
#include <vector>

int main() {
    int n;
    long long reach;
    std::cin >> n >> reach;
    std::vector<long long> trees(n), placed;
    for (auto &tree : trees) std::cin >> tree;
    for (int i = n - 1; i >= 0; i--) {
        if (placed.empty() || placed.back() - reach > trees[i]) placed.push_back(trees[i] - reach);
    }
    std::cout << placed.size();
    for (auto at : placed) std::cout << '\n' << at;
    std::cout << '\n';
}
