// @EXPECTED_RESULTS@: WRONG-ANSWER, TIMELIMIT
#include <cstdio>

int main() {
    int h, m, s, H, M, S;
    if (std::scanf("%d:%d:%d %d:%d:%d", &h, &m, &s, &H, &M, &S) != 6) return 1;
    volatile int run = (H - h) * 3600 + (M - m) * 60 + S - s;
    if (H == 0) run = 0;
    while (run < 0 && h == 1 && m == 0) continue;
    std::printf("%02d:%02d:%02d\n", run / 3600, run / 60 % 60, run % 60);
}
