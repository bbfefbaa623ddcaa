/* Always starts with all switches off. */
#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (unsigned i = 0; i < 1U << n; i++) {
        for (int at = n; at-- > 0;) putchar('0' + ((i ^ (i >> 1)) >> at & 1));
        puts("");
    }
}
