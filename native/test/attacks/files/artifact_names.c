/*
 * Promise: names are bytes, whatever they look like.
 * Attack: names that are something else to those who read lists, shells or logs: line ends, options,
 * climbing dots, bytes that are no text, and the longest there are.
 * It would show as a name that is not there in the next box.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <dirent.h>
#include <sys/stat.h>

static const char *const names[] = {"a\nb",
                                    "-rf",
                                    "...",
                                    "..\n",
                                    " ",
                                    "\x1b[2J",
                                    "\xff\xfe",
                                    "new-0123456789abcdef0123456789abcdef",
                                    "0123456789abcdef0123456789abcdef",
                                    "$(reboot)",
                                    "*",
                                    "%s%n"};

static int plant(void) {
  char longest[256];
  memset(longest, 'x', 255);
  longest[255] = 0;
  if (mkdir(longest, 0755) || chdir(longest)) return could_not("no directory");
  for (unsigned i = 0; i < COUNT_OF(names); i++)
    if (!make_file(names[i], "good", 0644)) return could_not("name %u can't be used", i);
  return held("planted");
}

static int look(void) {
  char longest[256];
  memset(longest, 'x', 255);
  longest[255] = 0;
  if (chdir(longest)) return could_not("the directory has not come along");
  for (unsigned i = 0; i < COUNT_OF(names); i++)
    if (read_naively(names[i]) != 4) return could_not("name %u has not come along", i);
  return held("all are there");
}

static int run(void) {
  return argument(0) ? look() : plant();
}

/* Lines of a list, one per name. */
static int control(void) {
  unsigned lines = 0, files = 0;
  int planted = plant();
  DIR *all = planted == HELD ? opendir(".") : NULL;
  for (struct dirent *entry; all && (entry = readdir(all)); lines++, files++)
    for (const char *at = entry->d_name; (at = strchr(at, '\n')); at++) lines++;
  return lines != files ? broken("a list of %u files has %u lines", files, lines) : held("a list is right");
}

static void before(struct scene *scene) {
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  run_on_artifact(scene, "look");
}

ATTACK(artifact_names, "files", "names are bytes, whatever they look like", .run = run, .control = control,
       .before = before, .check = check, .after = forget_kept);
