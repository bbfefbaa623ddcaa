#include <iostream>
#include <string>

static void tour(std::string &word, std::size_t length) {
    if (length == 0) {
        std::cout << word << '\n';
        return;
    }
    tour(word, length - 1);
    word[length - 1] ^= 1;
    tour(word, length - 1);
}

int main() {
    std::ios::sync_with_stdio(false);
    std::size_t n;
    std::string word;
    std::cin >> n >> word;
    tour(word, n);
}
