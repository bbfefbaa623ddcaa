#include <stdio.h>
#include <string.h>

int main(void) {
    static char words[20][61];
    int width, count = 0, spaces;
    if (scanf("%d", &width) != 1) return 1;
    spaces = width;
    while (count < 20 && scanf("%60s", words[count]) == 1) spaces -= (int)strlen(words[count++]);
    for (int i = 0; i < count; i++) {
        const int left = count - 1 - i;
        const int gap = left == 0 ? spaces : (spaces + left - 1) / left;
        printf("%s%*s", words[i], gap, "");
        spaces -= gap;
    }
    puts("");
}
