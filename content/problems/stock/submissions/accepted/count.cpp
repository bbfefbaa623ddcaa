#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>

int main(int argc, char **argv) {
    const std::set<std::string> wanted(argv + 1, argv + argc);
    std::map<std::string, int> total;
    std::string shelf, goods;
    while (std::cin >> shelf) {
        std::ifstream lines(shelf);
        int count;
        while (lines >> count && lines.get() == ' ' && std::getline(lines, goods)) total[goods] += count;
    }
    for (const auto &[name, count] : total) {
        if (wanted.empty() || wanted.contains(name)) std::cout << count << ' ' << name << '\n';
    }
}
