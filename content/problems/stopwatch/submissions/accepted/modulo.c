#include <stdio.h>

int main(void) {
    int h, m, s, H, M, S;
    if (scanf("%d:%d:%d %d:%d:%d", &h, &m, &s, &H, &M, &S) != 6) return 1;
    int run = ((H - h) * 3600 + (M - m) * 60 + S - s + 86400) % 86400;
    printf("%02d:%02d:%02d\n", run / 3600, run / 60 % 60, run % 60);
}
