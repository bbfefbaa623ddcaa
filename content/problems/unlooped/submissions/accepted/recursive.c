#include <stdio.h>

static int steps(long long x) { return x == 1 ? 0 : 1 + steps(x % 2 == 0 ? x / 2 : 3 * x + 1); }

int main(void) {
    long long x;
    if (scanf("%lld", &x) != 1) return 1;
    printf("%d\n", steps(x));
}
