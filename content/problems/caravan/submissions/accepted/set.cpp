#include <iostream>
#include <set>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::size_t n, capacity;
    std::cin >> n >> capacity;
    std::vector<long long> prices(n);
    std::multiset<long long> offers;
    long long total = 0;
    for (std::size_t day = 0; day < n; day++) {
        std::cin >> prices[day];
        offers.insert(prices[day]);
        if (day >= capacity) offers.erase(offers.find(prices[day - capacity]));
        total += *offers.begin();
    }
    std::cout << total << '\n';
}
