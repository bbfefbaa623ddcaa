/*
 * An attack on the sandbox: one file, one function, one promise.
 *
 * The same function runs twice. In a box, as the slot's user, it must find itself held; outside of any
 * box, as the control, it must get what it wants, or the attack proves nothing. It says so by its exit
 * code and one line on stdout. Everything that it does is bounded, so that a control ends by itself
 * soon after it has got more than a box would give.
 *
 * Outside, an attack gets throw-away namespaces without any filter or limit: an unprivileged uid, a
 * fresh /w (where it starts), /tmp, /var/tmp and /dev/shm, a pid, ipc, net and uts namespace of its own,
 * and the host's files otherwise. `struct outside` opens single walls of that.
 *
 * This header serves both sides: `attacks` is the program in the box, `attack-suite` the driver. An
 * attack's file is linked into both; before, check and after run in the driver, as root.
 */
#pragma once

#include "client.h"
#include "sandboxd.h"

#include <stdnoreturn.h>

enum answer { HELD, BROKEN, COULD_NOT };

/* What an attack returns; the reason is its line on stdout. */
int held(const char *format, ...) __attribute__((format(printf, 1, 2)));
int broken(const char *format, ...) __attribute__((format(printf, 1, 2)));
int could_not(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* broken when the attempt succeeded (result >= 0), else held with the name of errno. */
int attempt(const char *what, long result);

/* A victim says that what is to be attacked is there, and waits for its end. */
noreturn void ready(void);
/* What `before` has handed over by scene_argument, from 0; null beyond. */
const char *argument(unsigned index);

/* One trial of an attack, seen from the host. */
struct scene {
  const struct attack *attack;
  bool outside;          /* the control */
  unsigned slot, victim_slot;
  uid_t uid, victim_uid; /* outside both are the same */
  char directory[112];   /* of the host, writable by root alone, removed after the trial */
  /* Runs of the trial, which `before` may change; outside only argv, env, input and files count. The first two
     variables of env are PATH and the suite's own. */
  struct spec earlier_spec, spec, victim_spec;
  /* Of the last run of the attack and of the victim; outside status, exit code, signal, out, err,
     their totals and wall are known. */
  struct outcome outcome, victim;
  enum answer answer;
  char why[256];
  void *own; /* from before to check and after */
};

/* In before and check: the answer of the trial from now on. */
void scene_broken(struct scene *scene, const char *format, ...) __attribute__((format(printf, 2, 3)));
void scene_could_not(struct scene *scene, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What the driver reads when it tells why a trial ended as it did. */
const char *status_name(enum status status);
/* One more argument of every run of the trial. */
void scene_argument(struct scene *scene, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* How many processes of the trial are alive: in any box of its slot, or outside by its uid. */
unsigned scene_processes(const struct scene *scene);

/* Walls that the control goes without. */
struct outside {
  bool root;      /* runs as root with all capabilities; in its own namespaces that is no harm */
  bool same_pids; /* the host's processes, and none of its own dies with the control's first */
  bool same_net, same_ipc;
};

#define STATUS(name) (1u << STATUS_##name)

struct attack {
  const char *name, *family, *promise;
  /* Runs before, as a run of its own in the same slot: what it plants must not reach `run`. */
  int (*earlier)(void);
  int (*run)(void);
  /* In another slot at the same time; started first, ends when the attack has ended. If it returns
     (instead of ready()), its answer counts too. */
  int (*victim)(void);
  /* Instead of `run` outside, where the attack itself can't be let loose. */
  int (*control)(void);
  /* On the host, around the trial. */
  void (*before)(struct scene *scene);
  void (*check)(struct scene *scene); /* after the runs, for what the attack can't see itself */
  void (*after)(struct scene *scene); /* always */
  /* Where not zero instead of the suite's own, which are small (suite/scene.c). */
  __typeof__(((struct spec *)0)->limits) limits;
  uint64_t stdout_cap, stderr_cap;
  bool stop_on_output;
  unsigned repeat; /* how often `run` runs in the box, in the same slot; 0 = once */
  /* How a held attack may end: STATUS(MEMORY_LIMIT) | …; 0 = STATUS(EXITED). When it exits its answer
     counts, otherwise it was held by its end. */
  unsigned ends;
  struct outside outside;
  bool alone; /* no other attack may run at the same time */
  /* Why this promise is not made by a sandboxd without root and cgroups, or null. */
  const char *weaker;
  /* Why no sandboxd makes it, or null. It is told when the attack works, and it is a failure when it does
     not: then the promise can be made. */
  const char *not_promised;
};

/* ATTACK(name, "family", "promise", .run = …): the name is that of the file. */
#define ATTACK(name_, family_, promise_, ...)                                                                \
  static const struct attack attack_##name_ = {                                                             \
      .name = #name_, .family = family_, .promise = promise_, __VA_ARGS__};                                  \
  static const struct attack *const entry_##name_ __attribute__((used, retain, section("attacks"))) = &attack_##name_

/* The linker's table of them. */
extern const struct attack *const __start_attacks[], *const __stop_attacks[];
