#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

int main(void) {
    static long long ring[8001];
    int n;
    long long length, longest = 0;
    if (scanf("%d %lld", &n, &length) != 2) return 1;
    for (int i = 0; i < n; i++) {
        if (scanf("%lld", &ring[i]) != 1) return 1;
    }
    qsort(ring, n, sizeof ring[0], ascending);
    ring[n] = ring[0] + length;
    for (int i = 0; i < n; i++) {
        if (ring[i + 1] - ring[i] > longest) longest = ring[i + 1] - ring[i];
    }
    printf("%lld\n", longest);
}
