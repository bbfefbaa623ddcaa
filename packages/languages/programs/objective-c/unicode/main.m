#include <stdio.h>

int main(void) {
    const char *grüße = "Grüße, 世界! ∑ 🙂";
    puts(grüße);
}
