// Says something at once and does not listen.
#include <iostream>

int main() {
    std::cout << "found 1" << std::endl;
}
