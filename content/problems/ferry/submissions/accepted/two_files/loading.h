#pragma once
#include <cstddef>
#include <vector>

/** The first car that does not fit when boarding starts with the car `first`. */
std::size_t behind(const std::vector<int> &length, std::size_t first);
