#include "loading.h"

#include "ferry.h"

std::size_t behind(const std::vector<int> &length, std::size_t first) {
    for (int taken = 0; first < length.size() && taken + length[first] <= deck; first++) taken += length[first];
    return first;
}
