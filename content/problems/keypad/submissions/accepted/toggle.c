/* In step i the switch turns that stands where i ends in zeros. */
#include <stdio.h>
#include <string.h>

int main(void) {
    int n;
    char word[18];
    if (scanf("%d %17s", &n, word) != 2) return 1;
    puts(word);
    for (unsigned i = 1; i < 1U << n; i++) {
        word[__builtin_ctz(i)] ^= 1;
        puts(word);
    }
}
