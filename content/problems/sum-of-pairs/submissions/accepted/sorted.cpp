#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, t;
    std::cin >> n >> t;
    std::vector<int> weights(n);
    for (int &weight : weights) std::cin >> weight;
    std::sort(weights.begin(), weights.end());
    long long pairs = 0;
    for (auto at = weights.begin(); at != weights.end(); ++at) {
        auto [first, last] = std::equal_range(at + 1, weights.end(), t - *at);
        pairs += last - first;
    }
    std::cout << pairs << '\n';
}
