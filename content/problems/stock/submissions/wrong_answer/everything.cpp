// Does not look at its arguments.
#include <fstream>
#include <iostream>
#include <map>
#include <string>

int main() {
    std::map<std::string, int> total;
    std::string shelf, goods;
    while (std::cin >> shelf) {
        std::ifstream lines(shelf);
        int count;
        while (lines >> count && lines.get() == ' ' && std::getline(lines, goods)) total[goods] += count;
    }
    for (const auto &[name, count] : total) std::cout << count << ' ' << name << '\n';
}
