/*
 * Promise: nothing of the memory that sandboxd shares with the box's first process reaches the program.
 * Attack: looks through its own mappings for one that is shared.
 * It would show as such a mapping.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static int run(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  char line[512], rights[8] = "";
  if (!maps) return could_not("no list of mappings");
  while (fgets(line, sizeof line, maps))
    if (sscanf(line, "%*s %7s", rights) == 1 && rights[3] == 's') return broken("%s", strtok(line, "\n"));
  return rights[0] ? held("all are private") : could_not("the list is empty");
}

static int control(void) {
  if (mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) return could_not("no memory");
  return run();
}

ATTACK(shared_mappings, "kernel", "no memory of sandboxd reaches a program", .run = run, .control = control);
