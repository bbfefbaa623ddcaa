#include <vector>

/** The ferry's deck in metres. */
constexpr int deck = {{deck}};

/** How often the ferry crosses with the cars of these lengths. */
int crossings(const std::vector<int> &length);
