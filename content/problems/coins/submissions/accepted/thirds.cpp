#include <iostream>
#include <string>

int main() {
    int n, k;
    std::cin >> n >> k;
    int first = 1, count = n;
    while (count > 1) {
        int third = (count + 1) / 3;
        std::cout << "weigh " << third;
        for (int i = 0; i < 2 * third; i++) std::cout << ' ' << first + i;
        std::cout << std::endl;
        std::string answer;
        if (!(std::cin >> answer)) return 1;
        if (answer == "right") first += third;
        if (answer == "even") {
            first += 2 * third;
            count -= 2 * third;
        } else {
            count = third;
        }
    }
    std::cout << "found " << first << std::endl;
}
