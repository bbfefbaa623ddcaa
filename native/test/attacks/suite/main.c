/*
 * attack-suite SANDBOXD ATTACKS [options]: all attacks, in boxes and outside.
 *
 * Workers are processes, one per --slots; each takes the next trial of a shared list until none is
 * left. sandboxd gets twice as many slots, so that every worker has one for the attack and one for
 * its victim. What the suite found is told line by line, and counted by the last line.
 */
#define _GNU_SOURCE
#include "suite.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
    "usage: attack-suite SANDBOXD ATTACKS [options]\n"
    "  --only TEXT     attacks with this in FAMILY/NAME\n"
    "  --slots N       so many at the same time (1 to 32, default 2)\n"
    "  --rounds N      every attack so often in a box (controls run once)\n"
    "  --shuffle SEED  in random order; 0 = a new seed, which is printed\n"
    "  --controls      only outside of boxes\n"
    "  --boxes         only in boxes\n"
    "  --user          sandboxd runs as an ordinary user\n"
    "  --verbose       how each trial ended, also when it ended well\n"
    "  --list          names, families and promises; runs nothing\n";

struct options {
  const char *only;
  unsigned slots, rounds;
  uint64_t seed;
  bool shuffle, only_controls, only_boxes, user, list;
};

/* What workers share. */
struct counts {
  atomic_uint next, held, noticed, weaker, failed;
};

struct trial {
  const struct attack *attack;
  bool outside;
};

static bool verbose;
static struct counts *counts;
static struct trial *trials;
static unsigned trial_count;

static unsigned number(const char *text, unsigned most) {
  char *end;
  unsigned long value = strtoul(text, &end, 10);
  if (*end || value < 1 || value > most) fail(2, "'%s' is not a number from 1 to %u", text, most);
  return (unsigned)value;
}

static struct options read_options(int argc, char **argv) {
  static const struct option names[] = {{"only", 1, NULL, 'o'},     {"slots", 1, NULL, 's'}, {"rounds", 1, NULL, 'r'},
                                        {"shuffle", 1, NULL, 'x'},  {"controls", 0, NULL, 'c'}, {"boxes", 0, NULL, 'b'},
                                        {"user", 0, NULL, 'u'},     {"list", 0, NULL, 'l'}, {"verbose", 0, NULL, 'v'},  {0}};
  struct options options = {.slots = 2, .rounds = 1};
  for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (option) {
      case 'o': options.only = optarg; break;
      case 's': options.slots = number(optarg, 32); break;
      case 'r': options.rounds = number(optarg, 1000); break;
      case 'x': options.shuffle = true, options.seed = strtoull(optarg, NULL, 10); break;
      case 'c': options.only_controls = true; break;
      case 'b': options.only_boxes = true; break;
      case 'u': options.user = true; break;
      case 'v': verbose = true; break;
      case 'l': options.list = true; break;
      default: fputs(usage, stderr); exit(2);
    }
  }
  if (argc - optind != 2 && !(options.list && argc == optind)) {
    fputs(usage, stderr);
    exit(2);
  }
  world.sandboxd = argv[optind];
  world.inside = argv[optind + 1];
  return options;
}

static uint64_t random_next(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

static bool is_chosen(const struct attack *attack, const struct options *options) {
  char name[128];
  snprintf(name, sizeof name, "%s/%s", attack->family, attack->name);
  return !options->only || strstr(name, options->only);
}

static int by_name(const void *one, const void *other) {
  const struct attack *a = ((const struct trial *)one)->attack, *b = ((const struct trial *)other)->attack;
  int order = strcmp(a->family, b->family);
  return order ? order : strcmp(a->name, b->name);
}

/* The program in the box knows an attack by its name alone. */
static void require_unique_names(void) {
  for (const struct attack *const *at = __start_attacks; at < __stop_attacks; at++)
    if (attack_of((*at)->name) != *at) fail(2, "two attacks have the name %s", (*at)->name);
}

static void list_trials(struct options *options) {
  unsigned all = (unsigned)(__stop_attacks - __start_attacks);
  trials = calloc((size_t)all * (options->rounds + 1), sizeof *trials);
  for (const struct attack *const *at = __start_attacks; at < __stop_attacks; at++) {
    if (!is_chosen(*at, options)) continue;
    if (!options->only_controls) trials[trial_count++] = (struct trial){*at, false};
    if (!options->only_boxes) trials[trial_count++] = (struct trial){*at, true};
  }
  qsort(trials, trial_count, sizeof *trials, by_name);
  unsigned first = trial_count;
  for (unsigned round = 1; round < options->rounds; round++)
    for (unsigned i = 0; i < first; i++)
      if (!trials[i].outside) trials[trial_count++] = trials[i];
  if (!options->shuffle) return;
  if (!options->seed) random_bytes(&options->seed, sizeof options->seed);
  printf("seed %llu\n", (unsigned long long)options->seed);
  uint64_t state = options->seed;
  for (unsigned i = trial_count; i > 1; i--) {
    unsigned other = (unsigned)(random_next(&state) % i);
    struct trial moved = trials[i - 1];
    trials[i - 1] = trials[other];
    trials[other] = moved;
  }
}

/* How the last run of a trial ended, and its own words. */
static void say_how(const struct scene *scene, char *note, size_t size) {
  const struct outcome *outcome = &scene->outcome;
  snprintf(note, size, "\n     %s %d %d, %llu KiB, %u processes, %llu ms of CPU time, %llu ms: %s",
           status_name((enum status)outcome->status), outcome->exit_code, outcome->signal,
           (unsigned long long)outcome->memory / 1024, outcome->processes,
           (unsigned long long)((outcome->user + outcome->system) / MS), (unsigned long long)(outcome->wall / MS), scene->why);
}

static void report(const struct scene *scene, uint64_t ms) {
  const struct attack *attack = scene->attack;
  const char *why_not = scene->outside         ? NULL
                        : attack->not_promised ? attack->not_promised
                        : world.user           ? attack->weaker
                                               : NULL;
  bool good = scene->answer == (scene->outside || attack->not_promised ? BROKEN : HELD);
  bool weaker = why_not && scene->answer == BROKEN;
  const char *verdict = weaker ? "weak" : good ? "ok" : "FAIL";
  char note[600] = "";
  if (weaker) snprintf(note, sizeof note, "\n     not promised: %s (%s)", why_not, scene->why);
  else if (!good)
    snprintf(note, sizeof note, "\n     %s: %s",
             scene->answer == COULD_NOT ? "could not attack"
             : scene->outside           ? "the control was held"
             : scene->answer == HELD    ? "held, though it is not promised"
                                        : "BROKEN",
             scene->why);
  else if (verbose) say_how(scene, note, sizeof note);
  printf("%-4s %s/%s%s (%llu ms)%s\n", verdict, attack->family, attack->name, scene->outside ? " outside" : "",
         (unsigned long long)ms, note);
  fflush(stdout);
  if (weaker) counts->weaker++;
  else if (!good) counts->failed++;
  else if (scene->outside) counts->noticed++;
  else counts->held++;
}

/* An attack that must be alone waits for the others and keeps them waiting. */
static int enter(bool alone) {
  int lock = open(world.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0 || flock(lock, alone ? LOCK_EX : LOCK_SH)) fail(1, "the lock of the suite: %m");
  return lock;
}

static noreturn void work(unsigned worker) {
  for (unsigned i; (i = counts->next++) < trial_count;) {
    AUTO_CLOSE int lock = enter(trials[i].attack->alone);
    uint64_t start = now_ns();
    struct scene scene;
    scene_open(&scene, trials[i].attack, trials[i].outside, worker);
    if (scene.outside) trial_outside(&scene);
    else trial_in_box(&scene);
    report(&scene, (now_ns() - start) / MS);
    scene_close(&scene);
  }
  exit(0);
}

static void run_workers(unsigned slots) {
  pid_t workers[32];
  fflush(stdout);
  for (unsigned i = 0; i < slots; i++)
    if ((workers[i] = fork()) == 0) work(i);
  for (unsigned i = 0; i < slots; i++) {
    int status;
    if (waitpid(workers[i], &status, 0) == workers[i] && WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    printf("FAIL worker %u ended with status %x\n", i, status);
    counts->failed++;
  }
}

/* So that what a slot makes once and keeps is there before anything is counted. */
static void warm_up(void) {
  for (unsigned slot = 0; slot < world.slots; slot++) {
    AUTO_CLOSE int client = slot_connect(slot, NULL);
    const char *argv[] = {"/bin/attacks", NULL};
    struct spec spec = spec_of(world.image, argv);
    struct outcome outcome = client_run(client, &spec);
    if (outcome.type != FRAME_OUTCOME || outcome.status != STATUS_EXITED)
      fail(1, "slot %u does not run the program of attacks: %s", slot, outcome.message);
    outcome_free(&outcome);
  }
}

static void run_all(const struct options *options) {
  struct traces before;
  world_make(world.inside, "attacks");
  if (!world_start(2 * options->slots)) {
    world_remove();
    if (!options->user) fail(1, "sandboxd does not start");
    printf("skipped: this sandboxd does not start as an ordinary user\n");
    return;
  }
  warm_up();
  traces_take(&before);
  run_workers(options->slots);
  bool clean = traces_same(&before);
  int code = world_stop();
  if (code) printf("     sandboxd ended with %d instead of 0\n", code);
  clean &= traces_gone(&before) && code == 0;
  printf("%s suite/leaves-nothing\n", clean ? "ok  " : "FAIL");
  counts->failed += !clean;
  world_remove();
}

int main(int argc, char **argv) {
  struct options options = read_options(argc, argv);
  require_unique_names();
  list_trials(&options);
  if (options.list) {
    for (unsigned i = 0; i < trial_count; i++)
      if (!trials[i].outside) printf("%s/%s: %s\n", trials[i].attack->family, trials[i].attack->name, trials[i].attack->promise);
    return 0;
  }
  counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  signal(SIGPIPE, SIG_IGN);
  world.user = options.user ? 65534 : 0;
  if (geteuid() != 0) printf("skipped: boxes and controls are made as root\n");
  else run_all(&options);
  if (counts->weaker) printf("%u not promised\n", counts->weaker);
  printf("%u attacks held, %u controls noticed, %u failed\n", counts->held, counts->noticed, counts->failed);
  return counts->failed > 0;
}
