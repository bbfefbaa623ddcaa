#include "ferry.h"

int crossings(int n, const int *length) {
    int count = 0, free = 0;
    for (int i = 0; i < n; i++) {
        if (length[i] > free) {
            count++;
            free = DECK;
        }
        free -= length[i];
    }
    return count;
}
