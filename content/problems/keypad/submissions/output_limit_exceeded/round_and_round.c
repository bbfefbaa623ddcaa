/* With many switches it does not see that it has been everywhere. */
#include <stdio.h>

int main(void) {
    int n;
    char word[18];
    if (scanf("%d %17s", &n, word) != 2) return 1;
    puts(word);
    for (unsigned i = 1; n == 17 || i < 1U << n; i++) {
        word[(unsigned)__builtin_ctz(i) % (unsigned)n] ^= 1;
        puts(word);
    }
}
