#include "trail.h"

/** Each post is between 1 and 400 million metres lower than the one before, seen from the summit. */
long long Trail::altitude(long long post) const {
    const long long away = post > summit ? post - summit : summit - post;
    unsigned long long noise = seed + 0x9e3779b97f4a7c15ULL * static_cast<unsigned long long>(post);
    noise = (noise ^ (noise >> 30)) * 0xbf58476d1ce4e5b9ULL;
    noise ^= noise >> 27;
    const long long steps = 200'000'000LL;
    return 1'000'000'000'000'000'000LL - away * steps - (away == 0 ? 0 : static_cast<long long>(noise % steps));
}
