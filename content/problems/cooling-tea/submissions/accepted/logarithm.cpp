#include <cmath>
#include <iomanip>
#include <iostream>

int main() {
    long double a, r, p, m;
    std::cin >> a >> r >> p >> m;
    long double kept = m == 0 ? 1 : p == 100 ? 0 : std::exp(m * std::log1p(-p / 100));
    std::cout << std::fixed << std::setprecision(8) << r + (a - r) * kept << std::endl;
}
