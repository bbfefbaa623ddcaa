#include <iostream>
#include <iterator>
#include <string>

int main() {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    for (int n = 1; n <= 17; n++) {
        const std::string start = std::to_string(n) + " ";
        if (text.size() == start.size() + n + 1 && text.starts_with(start) && text.back() == '\n' &&
            text.find_first_not_of("01", start.size()) == text.size() - 1) {
            return 42;
        }
    }
    std::cerr << "expected n and a word of n switches\n";
    return 43;
}
