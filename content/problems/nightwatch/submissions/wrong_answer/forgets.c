/* Sleeps without a useful note, every night. */
#include <stdio.h>

int main(void) {
    puts("sleep well");
    fflush(stdout);
}
