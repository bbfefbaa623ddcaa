#include <stdio.h>

int main(void) {
    int n;
    char word[18];
    if (scanf("%d %17s", &n, word) != 2) return 1;
    for (unsigned i = 1;; i++) {
        puts(word);
        word[(unsigned)__builtin_ctz(i) % (unsigned)n] ^= 1;
    }
}
