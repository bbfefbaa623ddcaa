#include <iostream>
#include <string>

int main() {
    std::string grüße = "Grüße, 世界! ∑ 🙂";
    std::cout << grüße << '\n';
}
