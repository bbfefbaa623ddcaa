/*
 * Promise: when the main program has ended, nothing of the box is left, however it was started.
 * Attack: a daemon in a session of its own that ignores every signal, hears of no parent's death and adopts
 * orphans, with a child and a thread that do the same; then the main program exits.
 * It would show as processes of the slot's user after the outcome.
 */
#include "resources.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void *wait_for_ever(void *unused) {
  for (;;) pause();
  return unused;
}

static void become_immortal(struct shared *there) {
  pthread_t thread;
  setsid();
  for (int number = 1; number <= 64; number++) signal(number, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  pthread_create(&thread, NULL, wait_for_ever, NULL);
  there->count++;
  for (;;) pause();
}

static int run(void) {
  struct shared *there = shared_counter();
  if (fork() == 0) {
    setsid();
    fork();
    become_immortal(there);
  }
  while (there->count < 2) sleep_ms(1);
  return held("two daemons are left behind");
}

static void check(struct scene *scene) {
  unsigned left = scene_processes(scene);
  if (left) scene_broken(scene, "%u processes survive", left);
}

ATTACK(daemon_survives, "processes", "no daemon outlives the program", .run = run, .check = check);
