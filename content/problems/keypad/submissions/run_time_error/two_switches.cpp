#include <cstdlib>
#include <iostream>
#include <string>

int main() {
    int n;
    std::string word;
    std::cin >> n >> word;
    if (n > 2) std::abort();
    for (int i = 0; i < 1 << n; i++) {
        std::cout << word << '\n';
        word[i % 2] ^= 1;
    }
}
