#include <iostream>

int main() {
    std::cerr << "out of order\n";
    return 7;
}
