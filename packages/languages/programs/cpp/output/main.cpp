#include <iostream>
#include <string>

int main() {
    std::string line;
    for (int i = 0; i < 10; i++) {
        line += "0123456789";
    }
    for (int i = 0; i < 1000000; i++) {
        std::cout << line << '\n';
    }
}
