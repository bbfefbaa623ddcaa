/* The ferry's deck in metres. */
#define DECK {{deck}}

/* How often the ferry crosses with the n cars of these lengths. */
int crossings(int n, const int *length);
