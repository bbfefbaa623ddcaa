#include "ferry.h"

int crossings(const std::vector<int> &length) {
    int count = 0, free = 0;
    for (int each : length) {
        if (each >= free) {
            count++;
            free = deck;
        }
        free -= each;
    }
    return count;
}
