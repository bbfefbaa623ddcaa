#include <stdio.h>

int main(void) {
    static char block[65536];
    size_t length;
    while ((length = fread(block, 1, sizeof block, stdin)) > 0) {
        fwrite(block, 1, length, stdout);
    }
}
