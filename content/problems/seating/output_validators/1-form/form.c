/* run input answer feedback/ LEFT RIGHT < output: is it a word of n letters LEFT or RIGHT? */
#include <stdio.h>
#include <string.h>

static int reject(const char *feedback, const char *message) {
    char path[4096];
    snprintf(path, sizeof path, "%sjudgemessage.txt", feedback);
    FILE *file = fopen(path, "w");
    if (file == NULL) return 1;
    fprintf(file, "%s\n", message);
    return fclose(file) == 0 ? 43 : 1;
}

int main(int argc, char **argv) {
    static char word[2002], rest[2];
    int n;
    if (argc != 6) return 1;
    FILE *input = fopen(argv[1], "r");
    if (input == NULL || fscanf(input, "%d", &n) != 1) return 1;
    if (scanf("%2001s", word) != 1) return reject(argv[3], "there is no word");
    if (strlen(word) != (size_t)n) return reject(argv[3], "the word has another length than there are guests");
    for (int i = 0; i < n; i++) {
        if (word[i] != argv[4][0] && word[i] != argv[5][0]) return reject(argv[3], "a letter names no table");
    }
    if (scanf("%1s", rest) == 1) return reject(argv[3], "there is more than one word");
    return 42;
}
