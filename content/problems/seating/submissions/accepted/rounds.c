/* Goes over the pairs until nothing changes; each round seats those beside the ones who sit. */
#include <stdio.h>

int main(void) {
    static int a[4000], b[4000];
    static char seat[2002];
    int n, m;
    if (scanf("%d %d", &n, &m) != 2) return 1;
    for (int i = 0; i < m; i++) {
        if (scanf("%d %d", &a[i], &b[i]) != 2) return 1;
    }
    for (int first = 1; first <= n; first++) {
        if (seat[first] != 0) continue;
        seat[first] = 'R';
        for (int changed = 1; changed;) {
            changed = 0;
            for (int i = 0; i < m; i++) {
                if (seat[a[i]] != 0 && seat[b[i]] == 0) seat[b[i]] = 'L' + 'R' - seat[a[i]], changed = 1;
                if (seat[b[i]] != 0 && seat[a[i]] == 0) seat[a[i]] = 'L' + 'R' - seat[b[i]], changed = 1;
            }
        }
    }
    puts(seat + 1);
}
