#import "Answers.h"
#include <stdio.h>

int main(void) {
    printf("%d\n", [Answers answer]);
}
