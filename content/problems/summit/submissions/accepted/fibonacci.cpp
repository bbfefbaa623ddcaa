// Divides by Fibonacci numbers, so that most steps need one new visit only.
#include <cstdlib>
#include <iostream>
#include <map>

static std::map<long long, long long> known;
static long long n;

static long long altitude(long long post) {
    if (post > n) return -post;
    if (auto found = known.find(post); found != known.end()) return found->second;
    std::cout << "? " << post << std::endl;
    long long value;
    if (!(std::cin >> value)) std::exit(1);
    return known[post] = value;
}

int main() {
    std::cin >> n;
    long long shorter = 1, longer = 1;
    while (shorter + longer <= n) {
        longer += shorter;
        shorter = longer - shorter;
    }
    // The summit is one of the posts start + 1 to start + shorter + longer - 1.
    long long start = 0;
    while (shorter + longer > 2) {
        if (altitude(start + shorter) < altitude(start + longer)) start += shorter;
        const long long rest = longer - shorter;
        longer = shorter;
        shorter = rest;
    }
    std::cout << "! " << start + 1 << std::endl;
}
