#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    int n;
    long long length;
    std::cin >> n >> length;
    std::vector<long long> ring(n);
    for (auto &position : ring) std::cin >> position;
    std::sort(ring.begin(), ring.end());
    long long longest = ring.front() + length - ring.back();
    for (int i = 1; i < n; i++) longest = std::max(longest, ring[i] - ring[i - 1]);
    std::cout << longest << '\n';
}
