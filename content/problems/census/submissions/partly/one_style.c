/* 40 points: knows numbers and names only, and has its own idea of tables. */
#include <stdio.h>
#include <string.h>

int main(void) {
    static char names[50][13], places[50][13];
    static int ages[50];
    char word[8];
    int n, sum = 0, different = 0;
    if (scanf("%7s %d", word, &n) != 2) return 1;
    for (int i = 0; i < n; i++) {
        if (scanf("%12s %12s %d", names[i], places[i], &ages[i]) != 3) return 1;
        sum += ages[i];
        int first = 0;
        while (strcmp(places[first], places[i]) != 0) first++;
        different += first == i;
    }
    if (strcmp(word, "count") == 0) printf("%d %d\n", n, different);
    if (strcmp(word, "age") == 0) printf("%f\n", (double)sum / n);
    if (strcmp(word, "names") == 0) {
        for (int i = 0; i < n; i++) puts(names[i]);
    }
    if (strcmp(word, "table") == 0) {
        for (int i = 0; i < n; i++) printf("%s %d\n", names[i], ages[i]);
    }
    if (strcmp(word, "shout") == 0) {
        for (int i = 0; i < n; i++) puts(names[i]);
    }
}
