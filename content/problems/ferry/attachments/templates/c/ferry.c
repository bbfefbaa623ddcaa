#include "ferry.h"

int crossings(int n, const int *length) {
    return 0;
}
