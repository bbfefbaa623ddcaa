#include <stdio.h>
#include <string.h>

static char lines[1000][256];

static void edge(int width) {
    putchar('+');
    for (int i = 0; i < width + 2; i++) putchar('-');
    puts("+");
}

int main(void) {
    int n, width = 0;
    if (scanf("%d", &n) != 1) return 1;
    while (getchar() != '\n') continue;
    for (int i = 0; i < n; i++) {
        if (fgets(lines[i], sizeof lines[i], stdin) == NULL) return 1;
        lines[i][strcspn(lines[i], "\n")] = '\0';
        int length = (int)strlen(lines[i]);
        if (length > width) width = length;
    }
    edge(width);
    for (int i = 0; i < n; i++) printf("| %-*s |\n", width, lines[i]);
    edge(width);
}
