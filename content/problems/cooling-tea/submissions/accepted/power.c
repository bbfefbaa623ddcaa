#include <math.h>
#include <stdio.h>

int main(void) {
    double a, r, p, m;
    if (scanf("%lf %lf %lf %lf", &a, &r, &p, &m) != 4) return 1;
    printf("%.9e\n", r + (a - r) * pow(1 - p / 100, m));
}
