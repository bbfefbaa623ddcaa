// The longest word is a chain of its own.
#include <iostream>
#include <string>

int main() {
    int n;
    std::string word, longest;
    std::cin >> n;
    while (std::cin >> word) {
        if (word.size() > longest.size()) longest = word;
    }
    std::cout << longest << '\n';
}
