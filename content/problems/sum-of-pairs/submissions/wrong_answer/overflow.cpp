// Counts in 32 bits.
#include <iostream>
#include <unordered_map>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, t;
    std::cin >> n >> t;
    std::unordered_map<int, unsigned> seen;
    unsigned pairs = 0;
    for (int i = 0; i < n; i++) {
        int weight;
        std::cin >> weight;
        auto other = seen.find(t - weight);
        if (other != seen.end()) pairs += other->second;
        seen[weight]++;
    }
    std::cout << static_cast<int>(pairs) << '\n';
}
