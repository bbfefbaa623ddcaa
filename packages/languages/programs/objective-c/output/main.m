#include <stdio.h>

int main(void) {
    for (int i = 0; i < 1000000; i++) {
        for (int k = 0; k < 10; k++) {
            fputs("0123456789", stdout);
        }
        putchar('\n');
    }
}
