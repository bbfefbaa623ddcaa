// Guests and their shadows: who must not sit together is put together with the other's shadow.
#include <iostream>
#include <numeric>
#include <vector>

static std::vector<int> leader;

static int find(int who) {
    while (leader[who] != who) who = leader[who] = leader[leader[who]];
    return who;
}

int main() {
    int n, m;
    std::cin >> n >> m;
    leader.resize(2 * n);
    std::iota(leader.begin(), leader.end(), 0);
    while (m-- > 0) {
        int a, b;
        std::cin >> a >> b;
        a--, b--;
        leader[find(a)] = find(b + n);
        leader[find(b)] = find(a + n);
    }
    // Of a group and its shadow, that whose leader has the smaller number sits on the right.
    for (int guest = 0; guest < n; guest++) std::cout << (find(guest) < find(guest + n) ? 'R' : 'L');
    std::cout << '\n';
}
