#include <stdio.h>

int main(void) {
    long long n, last = -1;
    if (scanf("%lld", &n) != 1) return 1;
    for (long long post = 1; post <= n; post++) {
        long long altitude;
        printf("? %lld\n", post);
        fflush(stdout);
        if (scanf("%lld", &altitude) != 1) return 0;
        if (altitude < last) {
            printf("! %lld\n", post - 1);
            return 0;
        }
        last = altitude;
    }
    printf("! %lld\n", n);
}
