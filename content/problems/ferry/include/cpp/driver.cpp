#include <iostream>

#include "ferry.h"

int main() {
    int n;
    std::cin >> n;
    std::vector<int> length(n);
    for (int &each : length) std::cin >> each;
    std::cout << crossings(length) << '\n';
}
