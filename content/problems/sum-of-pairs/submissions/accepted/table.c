#include <stdio.h>

enum { LIMIT = 1000000 };

static int seen[2 * LIMIT + 1];

int main(void) {
    int n, t;
    if (scanf("%d %d", &n, &t) != 2) return 1;
    long long pairs = 0;
    for (int i = 0; i < n; i++) {
        int weight;
        if (scanf("%d", &weight) != 1) return 1;
        int other = t - weight;
        if (-LIMIT <= other && other <= LIMIT) pairs += seen[other + LIMIT];
        seen[weight + LIMIT]++;
    }
    printf("%lld\n", pairs);
}
