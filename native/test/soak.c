/*
 * soak SANDBOXD INSIDE RUNS [SEED [KIB]]: so many runs of all kinds on all slots at the same time. What
 * sandboxd holds of the machine after the first thousand it must hold at the end, and no more
 * but so many KiB of memory: usually a few pages of each supervisor that were touched for the first time.
 *
 * A worker per slot draws the kinds of its runs from the seed. It checks how each ended, because a
 * sandboxd that refuses everything also leaks nothing.
 */
#define _GNU_SOURCE
#include "held.h"
#include "sandboxd.h"
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS 4
#define EARLY_RUNS 1000

#define ENDS(status) (1u << STATUS_##status)

struct soak {
  uint64_t state; /* of the random numbers */
  unsigned slot;
  uid_t uid;
  int client;
  struct outcome outcome;
};

static uint64_t draw(struct soak *soak, uint64_t below) {
  soak->state ^= soak->state << 13, soak->state ^= soak->state >> 7, soak->state ^= soak->state << 17;
  return soak->state % below;
}

static bool reconnect(struct soak *soak) {
  close_fd(&soak->client);
  soak->client = slot_connect(soak->slot, &soak->uid);
  return soak->client >= 0;
}

/* Runs that are answered; the outcome is one of `ends`. */
static bool plain(struct soak *soak, struct spec *spec, unsigned ends) {
  soak->outcome = client_run(soak->client, spec);
  return soak->outcome.type == FRAME_OUTCOME && (ends & 1u << soak->outcome.status);
}

static bool exits(struct soak *soak) {
  struct spec spec = inside_spec("exit", "3", NULL);
  return plain(soak, &spec, ENDS(EXITED)) && soak->outcome.exit_code == 3;
}

static bool processes(struct soak *soak) {
  struct spec spec = inside_spec("processes", "5", NULL);
  return plain(soak, &spec, ENDS(EXITED));
}

static bool dies(struct soak *soak) {
  struct spec spec = inside_spec("signal", "11", NULL);
  return plain(soak, &spec, ENDS(SIGNALLED));
}

static bool leaves_daemon(struct soak *soak) {
  struct spec spec = inside_spec("daemon", NULL);
  return plain(soak, &spec, ENDS(EXITED));
}

static bool buries_socket(struct soak *soak) {
  struct spec spec = inside_spec("bury-socket", NULL);
  return plain(soak, &spec, ENDS(EXITED));
}

static bool writes_much(struct soak *soak) {
  struct spec spec = inside_spec("output", "300000", NULL);
  return plain(soak, &spec, ENDS(EXITED)) && soak->outcome.out_size == 65536 && soak->outcome.out_total == 300000;
}

static bool stopped_at_output(struct soak *soak) {
  struct spec spec = inside_spec("output", "300000", NULL);
  spec.stop_on_output = true;
  return plain(soak, &spec, ENDS(OUTPUT_LIMIT));
}

static bool reads_much(struct soak *soak) {
  static char input[300000];
  struct spec spec = inside_spec("cat", NULL);
  spec.input = input;
  spec.input_size = sizeof input;
  return plain(soak, &spec, ENDS(EXITED)) && soak->outcome.out_total == sizeof input;
}

static bool tricks(struct soak *soak) {
  struct spec spec = inside_spec("tricks", NULL);
  spec.collect[0] = "good";
  spec.collect[1] = "fifo";
  spec.collect[2] = "absolute";
  return plain(soak, &spec, ENDS(EXITED)) && soak->outcome.collected_count == 3 && soak->outcome.collected[0].size == 4;
}

static bool is_refused(struct soak *soak) {
  struct spec spec = inside_spec("refused-calls", NULL);
  return plain(soak, &spec, ENDS(EXITED)) && soak->outcome.refused_total > 10;
}

static bool insists(struct soak *soak) {
  struct spec spec = inside_spec("insist", NULL);
  return plain(soak, &spec, ENDS(REFUSED_SYSCALL));
}

static bool out_of_memory(struct soak *soak) {
  struct spec spec = inside_spec("allocate", "64", NULL);
  spec.limits.memory = 8 * MIB;
  return plain(soak, &spec, ENDS(MEMORY_LIMIT));
}

/* Too little for the box itself. */
static bool no_memory(struct soak *soak) {
  struct spec spec = inside_spec("exit", "3", NULL);
  spec.limits.memory = MIB;
  return plain(soak, &spec, ENDS(EXITED) | ENDS(MEMORY_LIMIT) | ENDS(START_FAILED));
}

static bool out_of_cpu(struct soak *soak) {
  struct spec spec = inside_spec("spin", "2", NULL);
  spec.limits.cpu = 3 * MS;
  return plain(soak, &spec, ENDS(CPU_LIMIT));
}

static bool out_of_time(struct soak *soak) {
  struct spec spec = inside_spec("pause", NULL);
  spec.limits.wall = 3 * MS;
  return plain(soak, &spec, ENDS(WALL_LIMIT));
}

static bool fork_bomb(struct soak *soak) {
  struct spec spec = inside_spec("endless-fork-bomb", NULL);
  spec.limits.wall = 10 * MS;
  return plain(soak, &spec, ENDS(WALL_LIMIT) | ENDS(CPU_LIMIT) | ENDS(MEMORY_LIMIT));
}

static bool fills_disk(struct soak *soak) {
  struct spec spec = inside_spec("fill", "/tmp/f", NULL);
  spec.limits.disk = MIB;
  return plain(soak, &spec, ENDS(EXITED));
}

static bool no_program(struct soak *soak) {
  struct spec spec = inside_spec("exit", NULL);
  spec.argv[0] = "/no/such";
  return plain(soak, &spec, ENDS(START_FAILED));
}

static bool keeps(struct soak *soak) {
  struct spec spec = inside_spec("write", "file", "content", NULL), next = inside_spec("cat", "file", NULL);
  spec.keep = true;
  if (!plain(soak, &spec, ENDS(EXITED)) || soak->outcome.artifact_entries != 1) return false;
  memcpy(next.base, soak->outcome.artifact, ID_SIZE);
  outcome_free(&soak->outcome);
  return plain(soak, &next, ENDS(EXITED)) && soak->outcome.out_size == 7 && client_forget(soak->client, next.base) == 1;
}

static bool unknown_image(struct soak *soak) {
  struct spec spec = inside_spec("exit", "3", NULL);
  char other[65] = {0};
  memset(other, '0', 64);
  spec.image = other;
  soak->outcome = client_run(soak->client, &spec);
  return soak->outcome.type == FRAME_ERROR && soak->outcome.code == ERROR_UNKNOWN_IMAGE;
}

static void wait_some(struct soak *soak) {
  for (volatile uint64_t spins = draw(soak, 1 << draw(soak, 21)); spins > 0; spins--) continue;
}

/* At any moment of a run's life, also before its first and after its last. */
static bool cancelled(struct soak *soak) {
  struct spec spec = inside_spec("pause", NULL);
  if (!client_start(soak->client, &spec)) return false;
  wait_some(soak);
  client_cancel(soak->client, spec.id);
  soak->outcome = client_outcome(soak->client);
  return soak->outcome.type == FRAME_OUTCOME && soak->outcome.status == STATUS_CANCELLED;
}

static bool disconnects(struct soak *soak) {
  struct spec spec = inside_spec(draw(soak, 2) ? "pause" : "endless-fork-bomb", NULL);
  if (!client_start(soak->client, &spec)) return false;
  wait_some(soak);
  return reconnect(soak);
}

static bool disconnects_in_frame(struct soak *soak) {
  struct spec spec = inside_spec("exit", "3", NULL);
  struct writer payload = {0}, frame = {0};
  encode_run(&spec, &payload);
  put_uint(&frame, 4, payload.size + 1);
  put_uint(&frame, 1, FRAME_RUN);
  put_data(&frame, payload.data, payload.size);
  size_t size = 1 + (size_t)draw(soak, frame.size - 1);
  bool sent = send(soak->client, frame.data, size, MSG_NOSIGNAL) == (ssize_t)size;
  free(payload.data);
  free(frame.data);
  return sent && reconnect(soak);
}

static bool rubbish(struct soak *soak) {
  uint8_t bytes[200];
  for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)draw(soak, 256);
  bytes[3] = 0; /* or most would be too large at once */
  return send(soak->client, bytes, sizeof bytes, MSG_NOSIGNAL) == sizeof bytes && reconnect(soak);
}

static bool large_frame(struct soak *soak) {
  static char content[MIB];
  struct spec spec = inside_spec("exit", "3", NULL);
  spec.files[0] = (struct input_file){"large", 0644, content, sizeof content};
  return plain(soak, &spec, ENDS(EXITED));
}

/* Of the slot's own processes its spawner, and the first process of the box. */
static bool killed_from_outside(struct soak *soak) {
  struct spec spec = inside_spec("pause", NULL);
  if (!client_start(soak->client, &spec) || !until(process_is_ready, &soak->uid)) return false;
  pid_t init = parent_of(find_process(soak->uid, "ready")), children[8];
  unsigned count = children_of(parent_of(init), children, COUNT_OF(children));
  for (unsigned i = 0; i < count; i++)
    if (children[i] != init) kill(children[i], SIGKILL);
  kill(init, SIGKILL);
  soak->outcome = client_outcome(soak->client);
  return soak->outcome.type == FRAME_OUTCOME && soak->outcome.status == STATUS_PLATFORM;
}

static const struct {
  const char *name;
  bool (*run)(struct soak *);
  unsigned weight;
} kinds[] = {{"exits", exits, 200},
             {"processes", processes, 60},
             {"dies", dies, 40},
             {"leaves a daemon", leaves_daemon, 60},
             {"buries a socket", buries_socket, 20},
             {"writes much", writes_much, 40},
             {"stopped at its output", stopped_at_output, 40},
             {"reads much", reads_much, 40},
             {"tricks", tricks, 60},
             {"is refused calls", is_refused, 40},
             {"insists on calls", insists, 5},
             {"out of memory", out_of_memory, 40},
             {"no memory", no_memory, 20},
             {"out of CPU time", out_of_cpu, 40},
             {"out of time", out_of_time, 40},
             {"fork bomb", fork_bomb, 10},
             {"fills its disk", fills_disk, 30},
             {"no program", no_program, 40},
             {"keeps its directory", keeps, 40},
             {"unknown image", unknown_image, 20},
             {"cancelled", cancelled, 50},
             {"disconnects", disconnects, 50},
             {"disconnects in a frame", disconnects_in_frame, 30},
             {"rubbish", rubbish, 30},
             {"large frame", large_frame, 20},
             {"killed from outside", killed_from_outside, 2}};

static unsigned draw_kind(struct soak *soak) {
  unsigned all = 0, kind = 0;
  for (unsigned i = 0; i < COUNT_OF(kinds); i++) all += kinds[i].weight;
  for (unsigned at = (unsigned)draw(soak, all); at >= kinds[kind].weight; kind++) at -= kinds[kind].weight;
  return kind;
}

/* Ends with runs that make whatever is made on demand, and when the slot has put it away. Two, because the mounts of
   the next box are made ahead only for an image that repeats. */
static bool settle(struct soak *soak) {
  char byte;
  bool good = reconnect(soak);
  for (int run = 0; run < 2; run++) {
    good = good && exits(soak);
    outcome_free(&soak->outcome);
  }
  return good && !shutdown(soak->client, SHUT_WR) && recv(soak->client, &byte, 1, 0) == 0;
}

static int work(struct soak *soak, unsigned runs) {
  if (!reconnect(soak)) return 1;
  for (unsigned i = 0; i < runs; i++) {
    unsigned kind = draw_kind(soak);
    bool good = kinds[kind].run(soak);
    if (!good) {
      const struct outcome *got = &soak->outcome;
      printf("  slot %u, run %u, %s: type %u code %u status %u exit %d %s\n", soak->slot, i, kinds[kind].name, got->type,
             got->code, got->status, got->exit_code, got->message);
      return 1;
    }
    outcome_free(&soak->outcome);
    if (soak->client < 0 && !reconnect(soak)) return 1;
  }
  return settle(soak) ? 0 : 1;
}

/* False when a worker found something wrong. */
static bool run_workers(uint64_t seed, unsigned runs) {
  pid_t workers[SLOTS];
  bool good = true;
  fflush(stdout);
  for (unsigned slot = 0; slot < SLOTS; slot++) {
    workers[slot] = fork();
    if (workers[slot]) continue;
    struct soak soak = {.state = seed * SLOTS + slot + 1, .slot = slot, .client = -1};
    exit(work(&soak, runs / SLOTS));
  }
  for (unsigned slot = 0; slot < SLOTS; slot++) {
    int status;
    good &= workers[slot] > 0 && waitpid(workers[slot], &status, 0) == workers[slot] && status == 0;
  }
  return good;
}

static bool soak(unsigned runs, uint64_t seed, unsigned long slack_kib) {
  if (!run_workers(seed, EARLY_RUNS)) return false;
  struct held early = calm_held();
  if (!run_workers(seed + 1, runs - EARLY_RUNS)) return false;
  struct held late = calm_held();
  printf("  %u processes, %u descriptors, %u mounts, %u cgroups, %lu KiB; at the end %lu KiB\n", early.processes,
         early.descriptors, early.mounts, early.cgroups, early.memory_kib, late.memory_kib);
  return held_is_same(&early, &late, slack_kib);
}

int main(int argc, char **argv) {
  unsigned runs = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
  if (runs <= EARLY_RUNS) fail(2, "usage: soak SANDBOXD INSIDE RUNS [SEED [KIB]]; more than %u runs", EARLY_RUNS);
  uint64_t seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1, start = now_ns();
  world.sandboxd = argv[1];
  signal(SIGPIPE, SIG_IGN);
  if (geteuid() != 0) {
    printf("skipped: sandboxd has cgroups only as root\n");
    return 0;
  }
  /* Or the C library keeps large blocks for later, and how many depends on what came when. */
  setenv("GLIBC_TUNABLES", "glibc.malloc.mmap_threshold=65536:glibc.malloc.trim_threshold=4096", 1);
  world_make(argv[2], "inside");
  if (!world_start(SLOTS)) fail(1, "sandboxd does not start");
  bool good = soak(runs, seed, argc > 5 ? strtoul(argv[5], NULL, 10) : SLOTS * 16);
  if (world_stop() != 0) good = printf("  sandboxd did not end with 0\n") < 0;
  world_remove();
  printf("%s soak of %u runs, seed %llu (%llu s)\n", good ? "ok  " : "FAIL", runs, (unsigned long long)seed,
         (unsigned long long)((now_ns() - start) / MS / 1000));
  return !good;
}
