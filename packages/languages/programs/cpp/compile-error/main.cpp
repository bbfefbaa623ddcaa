#include <iostream>

int main() {
    std::cout << ("half a program";
}
