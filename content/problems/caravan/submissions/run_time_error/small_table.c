#include <stdio.h>
#include <stdlib.h>

int main(void) {
    static long long prices[100];
    int n, capacity;
    long long total = 0;
    if (scanf("%d %d", &n, &capacity) != 2) return 1;
    if (n > 100) abort();
    for (int day = 0; day < n; day++) {
        if (scanf("%lld", &prices[day]) != 1) return 1;
        long long best = prices[day];
        for (int other = day; other >= 0 && other > day - capacity; other--) {
            if (prices[other] < best) best = prices[other];
        }
        total += best;
    }
    printf("%lld\n", total);
}
