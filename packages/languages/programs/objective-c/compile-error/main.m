#include <stdio.h>

int main(void) {
    puts("half a program"
}
