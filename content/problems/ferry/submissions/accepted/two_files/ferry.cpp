#include "ferry.h"

#include "loading.h"

int crossings(const std::vector<int> &length) {
    int count = 0;
    for (std::size_t first = 0; first < length.size(); first = behind(length, first)) count++;
    return count;
}
