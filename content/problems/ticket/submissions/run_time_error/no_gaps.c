#include <stdio.h>
#include <string.h>

int main(void) {
    char words[20][61];
    int width, count = 0, spaces;
    if (scanf("%d", &width) != 1) return 1;
    spaces = width;
    while (count < 20 && scanf("%60s", words[count]) == 1) spaces -= (int)strlen(words[count++]);
    /* Where there is one word there is no gap to share the spaces with. */
    volatile int gaps = count - 1;
    const int each = spaces / gaps, more = spaces % gaps;
    for (int i = 0; i < count; i++) printf("%s%*s", words[i], i < count - 1 ? each + (i < more) : 0, "");
    puts("");
}
