/*
 * Promise: time in signal handlers counts, and a storm of timers does not keep the supervisor from its clock.
 * Attack: many timers of a microsecond, whose handlers keep one thread busy, and a sleeping main program.
 * It would show as a program that is still there long after its limits.
 */
#include "resources.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { WALL = 300, TIMERS = 40 };

static volatile sig_atomic_t count;

static void on_timer(int number) {
  (void)number;
  count++;
}

static void *be_interrupted(void *unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_UNBLOCK, &all, NULL);
  for (;;) pause();
  return unused;
}

static void start_timers(void) {
  const struct itimerval often = {{0, 1}, {0, 1}};
  const struct itimerspec as_often = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &often, NULL);
  setitimer(ITIMER_PROF, &often, NULL);
  for (int i = 0; i < TIMERS; i++) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + i % (SIGRTMAX - SIGRTMIN)};
    timer_t timer;
    if (!timer_create(CLOCK_MONOTONIC, &event, &timer)) timer_settime(timer, 0, &as_often, NULL);
  }
}

/* Only the other thread hears signals: it may never get out of them. */
static int run(void) {
  sigset_t all;
  pthread_t thread;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  signal(SIGALRM, on_timer);
  signal(SIGPROF, on_timer);
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) signal(number, on_timer);
  if (pthread_create(&thread, NULL, be_interrupted, NULL)) return could_not("a thread");
  start_timers();
  sleep_ms(patience_ms(WALL));
  return count ? broken("%d signals in %u ms", (int)count, patience_ms(WALL)) : could_not("no signal came");
}

ATTACK(handlers, "time", "a storm of timers changes no limit", .run = run, .limits = {.wall = WALL * MS},
       .ends = STATUS(WALL_LIMIT) | STATUS(CPU_LIMIT));
