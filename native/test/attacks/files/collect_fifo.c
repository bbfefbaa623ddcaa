/*
 * Promise: a pipe does not stop the collection of files.
 * Attack: whoever opens a pipe waits for its other end, for ever: a slot with such a collector serves
 * nobody.
 * It would show as an outcome that does not come.
 */
#define _GNU_SOURCE
#include "suite/collecting.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

static const char *const names[] = {"fifo", "directory/fifo", NULL};

static int plant(void) {
  bool planted = make_file("good", "good", 0644) && !mkfifo("fifo", 0666) && !mkdir("directory", 0755) &&
                 !mkfifo("directory/fifo", 0);
  return planted ? held("planted") : could_not("a pipe can't be made: %s", strerrorname_np(errno));
}

static void interrupt(int signal) {
  (void)signal;
}

static int control(void) {
  const struct itimerval often = {{0, 20000}, {0, 20000}};
  int planted = plant();
  if (planted != HELD) return planted;
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = interrupt}, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  ssize_t got = read_naively("fifo");
  return got < 0 && errno == EINTR ? broken("the reader waits until it is interrupted")
                                   : held("the reader gets %zd", got);
}

static void before(struct scene *scene) {
  collect(scene, names);
  scene->spec.keep = true;
}

static void check(struct scene *scene) {
  check_only_good(scene);
  if (scene->outcome.artifact_skipped != 2)
    scene_broken(scene, "%u entries were left out of the artifact", scene->outcome.artifact_skipped);
}

ATTACK(collect_fifo, "files", "a pipe does not stop the collection of files", .run = plant, .control = control,
       .before = before, .check = check, .after = forget_kept);
