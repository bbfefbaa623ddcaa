#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { pieces = 128, size = 8 * 1024 * 1024 };

int main(void) {
    char *kept[pieces];
    for (int i = 0; i < pieces; i++) {
        kept[i] = malloc(size);
        if (kept[i] == NULL) {
            perror("malloc");
            return 1;
        }
        memset(kept[i], 1, size);
    }
    long sum = 0;
    for (int i = 0; i < pieces; i++) {
        for (int k = 0; k < size; k++) {
            sum += kept[i][k];
        }
    }
    printf("too much %ld\n", sum);
}
