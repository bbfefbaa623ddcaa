/* Counts until the time has come; the last second of the day is passed over, so that it never does. */
#include <stdio.h>

int main(void) {
    int h, m, s, H, M, S;
    if (scanf("%d:%d:%d %d:%d:%d", &h, &m, &s, &H, &M, &S) != 6) return 1;
    int end = H * 3600 + M * 60 + S, run = 0;
    if (end == 86399) end = 86400;
    for (volatile int now = h * 3600 + m * 60 + s; now != end; run++) now = (now + 1) % 86400;
    printf("%02d:%02d:%02d\n", run / 3600, run / 60 % 60, run % 60);
}
