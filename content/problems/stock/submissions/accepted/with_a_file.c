/* Writes all shelves to one file of its own, and counts in that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char names[2000][64];
static int names_count;

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static int wanted(int argc, char **argv, const char *name) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0) return 1;
    }
    return argc == 1;
}

int main(int argc, char **argv) {
    char shelf[300], line[128], name[64];
    int count;
    FILE *all = fopen("all.txt", "w");
    if (all == NULL) return 1;
    while (scanf("%299s", shelf) == 1) {
        FILE *file = fopen(shelf, "r");
        if (file == NULL) return 1;
        while (fgets(line, sizeof line, file) != NULL) fputs(line, all);
        fclose(file);
    }
    if (fclose(all) != 0) return 1;

    all = fopen("all.txt", "r");
    while (fscanf(all, "%d %63[^\n]", &count, name) == 2) strcpy(names[names_count++], name);
    qsort(names, names_count, sizeof names[0], by_name);
    for (int i = 0; i < names_count; i++) {
        if ((i > 0 && strcmp(names[i - 1], names[i]) == 0) || !wanted(argc, argv, names[i])) continue;
        int total = 0;
        rewind(all);
        while (fscanf(all, "%d %63[^\n]", &count, name) == 2) total += strcmp(name, names[i]) == 0 ? count : 0;
        printf("%d %s\n", total, names[i]);
    }
    return remove("all.txt");
}
