// Every tree is watered, but each by its own sprinkler.
#include <stdio.h>

int main(void) {
    int n, reach, tree;
    if (scanf("%d %d", &n, &reach) != 2) return 1;
    printf("%d\n", n);
    for (int i = 0; i < n && scanf("%d", &tree) == 1; i++) printf("%d ", tree);
    puts("");
}
