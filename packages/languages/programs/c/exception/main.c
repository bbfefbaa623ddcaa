#include <assert.h>
#include <stdio.h>

int main(int count, char **arguments) {
    int numbers[] = {1, 2, 3};
    int index = count + 2;
    assert(index < 3);
    printf("%s: %d\n", arguments[0], numbers[index]);
}
