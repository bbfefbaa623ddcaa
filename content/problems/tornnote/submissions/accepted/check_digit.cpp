#include <iostream>
#include <string>

int main() {
    std::string what, digits;
    std::cin >> what >> digits;
    int sum = 0;
    for (char digit : digits) {
        if (digit != '?') sum += digit - '0';
    }
    // The digits of a note add up to a multiple of ten.
    const char missing = static_cast<char>('0' + (10 - sum % 10) % 10);
    if (what == "write") {
        std::cout << digits << missing << '\n';
    } else {
        digits[digits.find('?')] = missing;
        std::cout << digits.substr(0, digits.size() - 1) << '\n';
    }
}
