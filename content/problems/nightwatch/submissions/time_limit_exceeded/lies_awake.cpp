// Sleeps well in the first night, and not at all in the second.
#include <iostream>
#include <string>

int main() {
    std::string word, note;
    int night;
    std::cin >> word >> night >> note;
    if (night == 1) {
        std::cout << "ask 500000" << std::endl;
        std::cin >> word;
        if (word == "same") std::cout << "open 500000" << std::endl;
        else std::cout << "sleep " << word << std::endl;
        return 0;
    }
    for (volatile unsigned long sheep = 0;; sheep = sheep + 1) continue;
}
