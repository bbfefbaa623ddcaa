// tour input answer feedback/ < output
#include <bit>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

std::string feedback;

[[noreturn]] void reject(const std::string &for_judges, const std::string &for_team) {
    std::ofstream(feedback + "judgemessage.txt") << for_judges << '\n';
    std::ofstream(feedback + "teammessage.txt") << for_team << '\n';
    std::exit(43);
}

/** The setting that a word stands for, as a number. */
unsigned setting(const std::string &word, unsigned switches, unsigned line) {
    if (word.size() != switches || word.find_first_not_of("01") != std::string::npos) {
        reject("line " + std::to_string(line) + " is no setting: " + word.substr(0, 40),
               "A line is not a word of n characters 0 or 1.");
    }
    unsigned value = 0;
    for (const char digit : word) value = 2 * value + (digit == '1');
    return value;
}

} // namespace

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    feedback = argv[3];
    unsigned switches = 0;
    std::string word;
    if (!(std::ifstream(argv[1]) >> switches >> word)) return 1;

    std::ios::sync_with_stdio(false);
    const unsigned start = setting(word, switches, 0), all = 1U << switches;
    std::vector<bool> seen(all);
    unsigned last = start, lines = 0;
    while (std::cin >> word) {
        const unsigned value = setting(word, switches, ++lines);
        const std::string where = "line " + std::to_string(lines) + " (" + word + ")";
        if (lines == 1 && value != start) reject(where + " is not where the switches are", "The first line is wrong.");
        if (lines > 1 && std::popcount(value ^ last) != 1) {
            reject(where + " differs from the one before in " + std::to_string(std::popcount(value ^ last)) + " switches",
                   "Two lines that follow each other do not differ in one switch.");
        }
        if (seen[value]) reject(where + " has been there before", "A setting appears twice.");
        seen[value] = true;
        last = value;
    }
    if (lines != all) {
        reject(std::to_string(lines) + " of " + std::to_string(all) + " settings", "Not all settings appear.");
    }
    return 42;
}
