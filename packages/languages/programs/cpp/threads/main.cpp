#include <iostream>
#include <thread>

int main() {
    int result = 0;
    std::thread thread([&result] { result = 6 * 7; });
    thread.join();
    std::cout << result << '\n';
}
