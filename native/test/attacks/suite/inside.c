/* The program of the image: `attacks NAME PART [ARGUMENT…]`, where PART is a function of the attack. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc < 3) return could_not("usage: attacks NAME run|earlier|victim|control [ARGUMENT...]");
  set_arguments((const char *const *)argv + 3);
  const struct attack *attack = attack_of(argv[1]);
  if (!attack) return could_not("there is no attack %s", argv[1]);
  int (*part)(void) = !strcmp(argv[2], "run")       ? attack->run
                      : !strcmp(argv[2], "earlier") ? attack->earlier
                      : !strcmp(argv[2], "victim")  ? attack->victim
                      : !strcmp(argv[2], "control") ? attack->control
                                                    : NULL;
  return part ? part() : could_not("%s has no part %s", argv[1], argv[2]);
}
