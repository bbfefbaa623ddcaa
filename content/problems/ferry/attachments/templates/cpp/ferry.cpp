#include "ferry.h"

int crossings(const std::vector<int> &length) {
    return 0;
}
