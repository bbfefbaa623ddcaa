#include <stdio.h>

#include "ferry.h"

int main(void) {
    static int length[{{cars}}];
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n; i++) {
        if (scanf("%d", &length[i]) != 1) return 1;
    }
    printf("%d\n", crossings(n, length));
}
