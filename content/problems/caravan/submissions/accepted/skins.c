/* Carries the skins along: throws away those that cost more than new ones would. */
#include <stdio.h>

int main(void) {
    static long long price[8001];
    static int count[8001];
    int n, capacity, first = 0, end = 0, carried = 0;
    long long total = 0;
    if (scanf("%d %d", &n, &capacity) != 2) return 1;
    for (int day = 0; day < n; day++) {
        long long offer;
        if (scanf("%lld", &offer) != 1) return 1;
        while (end > first && price[end - 1] >= offer) carried -= count[--end];
        price[end] = offer;
        count[end++] = capacity - carried;
        /* One skin is drunk, and paid for only now. */
        total += price[first];
        if (--count[first] == 0) first++;
        carried = capacity - 1;
    }
    printf("%lld\n", total);
}
