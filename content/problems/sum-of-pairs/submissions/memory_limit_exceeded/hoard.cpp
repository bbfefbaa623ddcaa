#include <cstring>
#include <vector>

int main() {
    std::vector<char *> hoard;
    for (;;) {
        char *block = new char[1 << 20];
        std::memset(block, static_cast<int>(hoard.size()) | 1, 1 << 20);
        hoard.push_back(block);
    }
}
