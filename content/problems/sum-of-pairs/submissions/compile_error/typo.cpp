#include <iostream>

int main() {
    std::cout << pairs << std::endl
}
