/* Goes on with the first word that fits, until there is none. */
#include <stdio.h>
#include <string.h>

int main(void) {
    static char words[400][9];
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n; i++) {
        if (scanf("%8s", words[i]) != 1) return 1;
    }
    int at = 0;
    while (at < n) {
        const char last = words[at][strlen(words[at]) - 1];
        puts(words[at]);
        words[at][0] = '\0';
        for (at = 0; at < n && words[at][0] != last; at++) continue;
    }
}
