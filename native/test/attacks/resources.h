/* What attacks on limits have in common. */
#pragma once

#include "attack.h"

/* CPU time of this process so far, ns. */
uint64_t cpu_used(void);
/* Uses the processor until this process has used so much CPU time, ns. */
void burn_cpu(uint64_t until);
/* Sleeps through signals. */
void sleep_ms(unsigned ms);

/* How long an attack on a limit of time goes on before it says that it was not stopped: outside three
   times the limit; in a box so long that no other work of the machine can be the reason. */
unsigned patience_ms(unsigned limit_ms);

/* Memory that is there, page by page; null when it is refused. */
void *touched(size_t size);
/* Touches what the caller has mapped. */
void touch(void *memory, size_t size);

/* A counter of all processes that come from this one; ends the process if there is no memory for it. */
struct shared {
  _Atomic unsigned count, most;
};
struct shared *shared_counter(void);

/* Removes limits of the C library's process that an ordinary user may remove. */
void raise_soft_limit(int resource);

/* Checks for .check, in boxes only: the peak is within the limit but for the box's own first process. */
void check_memory_peak(struct scene *scene);
/* The peak of processes is within the limit, and the limit was told to be hit. */
void check_process_peak(struct scene *scene);
/* Not more output is kept than the caps say; in boxes only. */
void check_kept_output(struct scene *scene);
