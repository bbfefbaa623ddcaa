// Goes through all ways to seat the guests, which are very many from some number on.
#include <iostream>
#include <string>
#include <utility>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::pair<int, int>> pairs(m);
    for (auto &[a, b] : pairs) std::cin >> a >> b;
    std::string seats(n, 'L');
    for (;;) {
        bool peace = true;
        for (auto [a, b] : pairs) peace = peace && seats[a - 1] != seats[b - 1];
        if (peace) break;
        for (int at = n - 1; at >= 0; at--) {
            seats[at] = seats[at] == 'L' ? 'R' : 'L';
            if (seats[at] == 'R') break;
        }
    }
    std::cout << seats << '\n';
}
