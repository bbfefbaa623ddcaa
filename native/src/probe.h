/* What this machine can enforce. */
#pragma once

#include "cgroup.h"

/* Prints one JSON object on stdout: the truth for `assay doctor`. Leaves nothing behind. */
void probe_print(void);

/* Null if everything that sandboxd can't do without is there, else a sentence. */
const char *probe_required(void);
