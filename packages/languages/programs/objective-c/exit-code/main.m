#include <stdio.h>

int main(void) {
    fputs("out of order\n", stderr);
    return 7;
}
