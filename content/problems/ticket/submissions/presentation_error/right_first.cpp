// Gives the gaps at the right the spare spaces.
#include <iostream>
#include <string>
#include <vector>

int main() {
    int width;
    std::cin >> width;
    std::vector<std::string> words;
    int spaces = width;
    for (std::string word; std::cin >> word; spaces -= static_cast<int>(word.size())) words.push_back(word);
    const int gaps = static_cast<int>(words.size()) - 1;
    std::string line = words[0];
    for (int i = 1; i <= gaps; i++) {
        const int gap = spaces / (gaps - i + 1);
        spaces -= gap;
        line += std::string(gap, ' ') + words[i];
    }
    std::cout << line << std::string(width - line.size(), ' ') << '\n';
}
