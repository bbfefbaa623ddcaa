#ifndef TRAIL_H
#define TRAIL_H

/** A mountain whose slopes are uneven, but the same for the same seed. */
class Trail {
public:
    Trail(long long summit, unsigned long long seed) : summit(summit), seed(seed) {}
    long long altitude(long long post) const;

private:
    long long summit;
    unsigned long long seed;
};

#endif
