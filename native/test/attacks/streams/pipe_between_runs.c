/*
 * Promise: of a pipe between two runs each has one end, and can reach neither the other end nor anything of the
 * other run through it.
 * Attack: each run opens its end anew the other way around, and goes up from it; the writer, who could so read what
 * it has written before the other does, also changes its mode and owner.
 * It would show as an end that opens.
 */
#define _GNU_SOURCE
#include "attack.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Descriptor 0 is the reading end, or 1 the writing one. */
static int reopen(int mine) {
  char name[32];
  struct stat status;
  snprintf(name, sizeof name, "/proc/self/fd/%d", mine);
  if (fstat(mine, &status) || !S_ISFIFO(status.st_mode)) return could_not("descriptor %d is no pipe", mine);
  if (mine == 1) chmod(name, 0666);
  if (open(name, (mine ? O_RDONLY : O_WRONLY) | O_NONBLOCK) >= 0) return broken("the other end opens");
  if (open(name, O_RDWR | O_NONBLOCK) >= 0) return broken("both ends open");
  char beside[48];
  snprintf(beside, sizeof beside, "%s/..", name);
  if (open(beside, O_RDONLY | O_DIRECTORY) >= 0) return broken("its directory opens");
  return held("%s", strerrorname_np(errno));
}

static int run(void) {
  if (!argument(0)) return held("the pair comes later");
  /* The reader may be gone before the writer tells what it found. */
  signal(SIGPIPE, SIG_IGN);
  return reopen(!strcmp(argument(0), "writer"));
}

static int control(void) {
  int ends[2];
  return pipe(ends) || dup2(ends[1], 1) < 0 ? could_not("no pipe") : reopen(1);
}

/* A run that is held, with this end as its descriptor; its client. */
static int start_held(const struct scene *scene, unsigned slot, const char *role, const uint8_t pipe[ID_SIZE]) {
  uint8_t *frame = NULL;
  size_t size;
  int client = slot_connect(slot, NULL), end = !strcmp(role, "writer");
  struct spec spec = scene->spec;
  spec.hold = true;
  spec.argv[3] = role;
  spec.fd_count = 3;
  for (unsigned i = 0; i < 3; i++) spec.fds[i] = (struct fd_spec){.kind = FD_CAPTURE, .cap = 65536};
  spec.fds[end] = (struct fd_spec){.kind = end ? FD_WRITE : FD_READ, .bytes = pipe};
  bool held = client >= 0 && client_start(client, &spec) && client_expect(client, FRAME_HELD, &frame, &size);
  free(frame);
  if (!held) close_fd(&client);
  return client;
}

static void check(struct scene *scene) {
  static const char *const roles[] = {"writer", "reader"};
  const unsigned slots[] = {scene->slot, scene->victim_slot};
  uint8_t pipe[ID_SIZE];
  int clients[2];
  if (scene->outside) return;
  random_bytes(pipe, sizeof pipe);
  for (unsigned i = 0; i < 2; i++) clients[i] = start_held(scene, slots[i], roles[i], pipe);
  for (unsigned i = 0; i < 2; i++)
    if (clients[i] < 0 || !client_tell(clients[i], FRAME_GO, scene->spec.id, NULL, 0))
      scene_could_not(scene, "the %s does not start", roles[i]);
  for (unsigned i = 0; i < 2 && scene->answer == HELD; i++) {
    struct outcome outcome = client_outcome(clients[i]);
    if (outcome.type != FRAME_OUTCOME || outcome.status != STATUS_EXITED || outcome.exit_code != HELD)
      scene_broken(scene, "the %s: %s, exit code %d %s", roles[i], status_name(outcome.status), outcome.exit_code,
                   outcome.message);
    outcome_free(&outcome);
  }
  for (unsigned i = 0; i < 2; i++) close_fd(&clients[i]);
}

ATTACK(pipe_between_runs, "streams", "a pipe between two runs has one end for each", .run = run, .control = control,
       .check = check, .weaker = "without root, pipes belong to the user that boxes have too");
