// Weighs once and then never comes to a decision.
#include <iostream>
#include <string>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::cout << "weigh 1 1 2" << std::endl;
    std::string answer;
    std::cin >> answer;
    for (volatile unsigned long round = 0;; round = round + 1) continue;
}
