#include <stdio.h>

int main(void) {
    for (;;) puts("and another thing about stones, which is that there are so many of them");
}
