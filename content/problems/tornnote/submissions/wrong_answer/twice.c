// Writes everything twice: that note is too long, but for the shortest of messages.
#include <stdio.h>
#include <string.h>

int main(void) {
    char what[8], digits[4096];
    if (scanf("%7s %4095s", what, digits) != 2) return 1;
    if (what[0] == 'w') {
        printf("%s%s\n", digits, digits);
        return 0;
    }
    size_t half = strlen(digits) / 2;
    for (size_t i = 0; i < half; i++) putchar(digits[i] == '?' ? digits[half + i] : digits[i]);
    puts("");
}
