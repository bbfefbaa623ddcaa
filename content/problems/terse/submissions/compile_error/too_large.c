/* Correct, but longer than a submission may be.
   Step  0 of a staircase is one of many, and of each of them much could be said.
   Step  1 of a staircase is one of many, and of each of them much could be said.
   Step  2 of a staircase is one of many, and of each of them much could be said.
   Step  3 of a staircase is one of many, and of each of them much could be said.
   Step  4 of a staircase is one of many, and of each of them much could be said.
   Step  5 of a staircase is one of many, and of each of them much could be said.
   Step  6 of a staircase is one of many, and of each of them much could be said.
   Step  7 of a staircase is one of many, and of each of them much could be said.
   Step  8 of a staircase is one of many, and of each of them much could be said.
   Step  9 of a staircase is one of many, and of each of them much could be said.
   Step 10 of a staircase is one of many, and of each of them much could be said.
   Step 11 of a staircase is one of many, and of each of them much could be said.
   Step 12 of a staircase is one of many, and of each of them much could be said.
   Step 13 of a staircase is one of many, and of each of them much could be said.
   Step 14 of a staircase is one of many, and of each of them much could be said.
   Step 15 of a staircase is one of many, and of each of them much could be said.
   Step 16 of a staircase is one of many, and of each of them much could be said.
   Step 17 of a staircase is one of many, and of each of them much could be said.
   Step 18 of a staircase is one of many, and of each of them much could be said.
   Step 19 of a staircase is one of many, and of each of them much could be said.
   Step 20 of a staircase is one of many, and of each of them much could be said.
   Step 21 of a staircase is one of many, and of each of them much could be said.
   Step 22 of a staircase is one of many, and of each of them much could be said.
   Step 23 of a staircase is one of many, and of each of them much could be said.
   Step 24 of a staircase is one of many, and of each of them much could be said.
   Step 25 of a staircase is one of many, and of each of them much could be said.
   Step 26 of a staircase is one of many, and of each of them much could be said.
   Step 27 of a staircase is one of many, and of each of them much could be said.
   Step 28 of a staircase is one of many, and of each of them much could be said.
   Step 29 of a staircase is one of many, and of each of them much could be said.
   Step 30 of a staircase is one of many, and of each of them much could be said.
   Step 31 of a staircase is one of many, and of each of them much could be said.
   Step 32 of a staircase is one of many, and of each of them much could be said.
   Step 33 of a staircase is one of many, and of each of them much could be said.
   Step 34 of a staircase is one of many, and of each of them much could be said.
   Step 35 of a staircase is one of many, and of each of them much could be said.
   Step 36 of a staircase is one of many, and of each of them much could be said.
   Step 37 of a staircase is one of many, and of each of them much could be said.
   Step 38 of a staircase is one of many, and of each of them much could be said.
   Step 39 of a staircase is one of many, and of each of them much could be said.
   Step 40 of a staircase is one of many, and of each of them much could be said.
   Step 41 of a staircase is one of many, and of each of them much could be said.
   Step 42 of a staircase is one of many, and of each of them much could be said.
   Step 43 of a staircase is one of many, and of each of them much could be said.
   Step 44 of a staircase is one of many, and of each of them much could be said.
   Step 45 of a staircase is one of many, and of each of them much could be said.
   Step 46 of a staircase is one of many, and of each of them much could be said.
   Step 47 of a staircase is one of many, and of each of them much could be said.
   Step 48 of a staircase is one of many, and of each of them much could be said.
   Step 49 of a staircase is one of many, and of each of them much could be said.
   Step 50 of a staircase is one of many, and of each of them much could be said.
   Step 51 of a staircase is one of many, and of each of them much could be said.
   Step 52 of a staircase is one of many, and of each of them much could be said.
   Step 53 of a staircase is one of many, and of each of them much could be said.
   Step 54 of a staircase is one of many, and of each of them much could be said.
   Step 55 of a staircase is one of many, and of each of them much could be said.
   Step 56 of a staircase is one of many, and of each of them much could be said.
   Step 57 of a staircase is one of many, and of each of them much could be said.
   Step 58 of a staircase is one of many, and of each of them much could be said.
   Step 59 of a staircase is one of many, and of each of them much could be said.
 */
#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n * n; i++) printf("%s%s", i % n < n - 1 - i / n ? ".." : "##", i % n == n - 1 ? "\n" : "");
}
