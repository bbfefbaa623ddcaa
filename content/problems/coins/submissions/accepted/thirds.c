#include <stdio.h>

int main(void) {
    int n, k, first = 1;
    char answer[8];
    if (scanf("%d %d", &n, &k) != 2) return 1;
    while (n > 1) {
        int third = (n + 1) / 3;
        printf("weigh %d", third);
        for (int i = 0; i < 2 * third; i++) printf(" %d", first + i);
        puts("");
        fflush(stdout);
        if (scanf("%7s", answer) != 1) return 1;
        if (answer[0] == 'r') first += third;
        if (answer[0] == 'e') first += 2 * third;
        n = answer[0] == 'e' ? n - 2 * third : third;
    }
    printf("found %d\n", first);
}
