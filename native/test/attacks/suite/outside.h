/* The control's side of a trial outside. */
#pragma once

#include "suite.h"

/* What the first process of a control tells the driver when the attack has ended. */
struct told {
  int status, victim_status; /* as of waitpid */
  bool earlier_could_not, victim_ended;
  uint64_t wall;
};

/* Enters the control's own file system; ends the process with a message where it can't. */
void outside_root(const struct scene *scene, const char *program);

/* The whole control in its namespaces: runs the parts, writes a `told` to `result`, and waits for the
   end of `go` before it ends everything that is left. Standard streams: input, out, err. */
_Noreturn void outside_main(const struct scene *scene, const char *program, int result, int go);
