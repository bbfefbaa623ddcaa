#include <stdio.h>

int main(void) {
    int *volatile nowhere = NULL;
    *nowhere = 1;
    return 0;
}
