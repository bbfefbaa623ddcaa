// 70 points and a fifth of the last group: computes in 32 bits.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int n;
    long long length;
    std::cin >> n >> length;
    std::vector<int> ring(n);
    for (int &position : ring) {
        long long value;
        std::cin >> value;
        position = static_cast<int>(value);
    }
    std::sort(ring.begin(), ring.end());
    int longest = ring.front() + static_cast<int>(length) - ring.back();
    for (int i = 1; i < n; i++) longest = std::max(longest, ring[i] - ring[i - 1]);
    std::cout << longest << '\n';
}
