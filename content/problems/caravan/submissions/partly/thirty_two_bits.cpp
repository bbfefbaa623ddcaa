#include <cstdint>
#include <deque>
#include <iostream>
#include <vector>

int main() {
    int n, capacity;
    std::cin >> n >> capacity;
    std::vector<std::int32_t> prices(n);
    std::deque<int> offers;
    std::uint32_t total = 0;
    for (int day = 0; day < n; day++) {
        std::cin >> prices[day];
        while (!offers.empty() && prices[offers.back()] >= prices[day]) offers.pop_back();
        offers.push_back(day);
        if (offers.front() <= day - capacity) offers.pop_front();
        total += prices[offers.front()];
    }
    std::cout << total << '\n';
}
