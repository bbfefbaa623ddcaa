#include <iostream>

int answer();

int main() {
    std::cout << answer() << '\n';
}
