#include <stdio.h>

int main(void) {
    int n;
    char word[18];
    if (scanf("%d %17s", &n, word) != 2) return 1;
    puts(word);
    /* One switch at a time ... */
}
