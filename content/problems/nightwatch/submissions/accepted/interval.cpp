#include <cstdio>
#include <iostream>
#include <string>

int main() {
    std::string word, note;
    int night, low = 1, high = 1'000'000;
    std::cin >> word >> night >> note;
    std::sscanf(note.c_str(), "%d-%d", &low, &high);
    for (int question = 0; question < 7 && low < high; question++) {
        const int middle = (low + high) / 2;
        std::cout << "ask " << middle << std::endl;
        if (!(std::cin >> word)) return 1;
        if (word != "more") high = word == "less" ? middle - 1 : middle;
        if (word != "less") low = word == "more" ? middle + 1 : middle;
    }
    if (low == high) std::cout << "open " << low << std::endl;
    else std::cout << "sleep " << low << '-' << high << std::endl;
}
