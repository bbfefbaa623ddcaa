/*
 * The box that a slot has ready. It is made as soon as the last one is gone, while nobody waits: cloned, and with its
 * program's process under the filter. When the last two runs had the same image, it has also its mounts: image, /w, /tmp,
 * /dev and /proc are in place, the host's root is out of reach, and init has no capability any more. So it fits a run
 * of this image alone; for any other it is thrown away, and a new one waits for its mounts.
 *
 * Nothing of a request has touched a box before it is taken, and no program has run in it.
 */
#include "sandboxd.h"

#include <poll.h>
#include <sys/wait.h>

#define READY_MS 10000

const struct box no_box = {.init = -1, .program = -1, .listener = -1, .work = -1, .temporary = -1, .namespace = -1};

void box_close(struct box *box) {
  int *const all[] = {&box->init, &box->program, &box->listener, &box->work, &box->temporary, &box->namespace};
  for (unsigned i = 0; i < COUNT_OF(all); i++) close_fd(all[i]);
  *box = no_box;
}

void box_drop(struct slot *slot, struct box *box) {
  if (box->init >= 0) {
    kill_pidfd(box->init);
    reap(box->init);
  }
  box_close(box);
  slot_cgroup_end(&slot->cgroup, -1);
  /* What the box was sent may wait there still. */
  spawner_stop(&slot->spawner);
}

/* The network namespace has no interface that is up, and boxes inherit it: making one per run costs more than
   everything else of a run together. All that a box can leave in it are unix sockets that were on their way through each
   other when it died: the kernel collects those later, and until then the next box could connect to their abstract
   names. Then the slot gets a namespace of its own. */
static const char *prepare_spawner(struct slot *slot) {
  bool clean = slot_count_sockets(slot) == slot->sockets;
  const char *failed = clean ? NULL : slot_enter_network(slot);
  if (failed || (clean && spawner_lives(&slot->spawner))) return failed;
  return slot_start_spawner(slot);
}

static const char *clone_box(struct slot *slot) {
  const char *failed = prepare_spawner(slot);
  if (failed) return failed;
  slot_cgroup_rest(&slot->cgroup);
  int birthplace = slot_cgroup_birthplace(&slot->cgroup);
  if (birthplace < 0 && slot->cgroup.all->version == 2) return "a fresh cgroup";
  /* A spawner may be dying and look alive. */
  if (!spawner_ask(&slot->spawner, slot->area, birthplace) &&
      ((failed = slot_start_spawner(slot)) || !spawner_ask(&slot->spawner, slot->area, birthplace)))
    return failed ? failed : "the spawner";
  box_close(&slot->last);
  slot->box.init = spawner_take(&slot->spawner, slot->area);
  return slot->box.init < 0 ? "the first process of a box" : NULL;
}

/* The program's process sends its listener when it waits for its request. */
static const char *wait_until_ready(struct slot *slot) {
  struct box *box = &slot->box;
  struct pollfd waits[] = {{.fd = slot->spawner.notify, .events = POLLIN}, {.fd = box->init, .events = POLLIN}};
  while (poll(waits, COUNT_OF(waits), READY_MS) < 0 && errno == EINTR) continue;
  if (receive_descriptors(slot->spawner.notify, &box->listener, 1, &box->program_pid, MSG_DONTWAIT) == 1) {
    box->program = open_pidfd(box->program_pid);
    return box->program < 0 ? "the program's process" : NULL;
  }
  errno = slot->area->error ? slot->area->error : ETIMEDOUT;
  return slot->area->stage != STAGE_NONE ? slot->area->failed : "a box that is ready";
}

static const char *make_files(struct slot *slot) {
  const struct wish *wish = &slot->wish;
  struct box *box = &slot->box;
  box->disk = wish->disk;
  box->inodes = wish->inodes;
  box->work = mount_tmpfs(wish->disk, wish->inodes, slot->uid, 0755);
  box->temporary = mount_tmpfs(wish->disk, wish->inodes, slot->uid, 01777);
  return box->work < 0 || box->temporary < 0 ? "a tmpfs" : NULL;
}

/* When it fails the box waits for its mounts, and the run that needs them says why they can't be made. */
static void mount_ahead(struct slot *slot) {
  struct box *box = &slot->box;
  char why[200];
  AUTO_CLOSE int image = mount_image(slot->wish.image, slot->daemon->privileged, &box->image, why, sizeof why);
  const int fds[BOX_FDS] = {image, box->work, box->temporary};
  box->mounted = image >= 0 && send_descriptors(slot->spawner.start, fds, BOX_FDS);
}

/* Twice, because its spawner may be killed meanwhile. */
static const char *make(struct slot *slot, bool mounts) {
  const char *failed = NULL;
  slot->area->uid = slot->uid;
  for (int attempt = 0; attempt < 2; attempt++) {
    if (!(failed = clone_box(slot)) && !(failed = make_files(slot))) {
      if (mounts && slot->wish.repeated) mount_ahead(slot);
      if (!(failed = wait_until_ready(slot))) return NULL;
    }
    int error = errno;
    box_drop(slot, &slot->box);
    errno = error;
  }
  return failed;
}

const char *slot_warm(struct slot *slot) {
  if (slot->box.init >= 0) return NULL;
  /* In a user namespace there is no other. */
  slot->uid = slot->daemon->privileged ? slot->first_uid + slot->turn++ % SLOT_UIDS : 0;
  return make(slot, true);
}

/* Mounts that are there can't be exchanged any more: nobody in the box has the right to. */
static bool fits(const struct slot *slot, const struct run_request *request) {
  const struct box *box = &slot->box;
  if (wait_pidfd(box->init, 0) || !spawner_lives(&slot->spawner)) return false;
  if (!box->mounted) return true;
  for (unsigned i = 0; i < request->fd_count; i++)
    if (request->fds[i].kind == FD_TERMINAL) return false;
  return !strcmp(request->image, slot->wish.image) && image_is(request->image, slot->daemon->privileged, &box->image);
}

static void note_wish(struct wish *wish, const struct run_request *request) {
  wish->repeated = !strcmp(wish->image, request->image);
  wish->disk = request->limits.disk;
  wish->inodes = request->limits.inodes;
  strcpy(wish->image, request->image);
}

const char *slot_take_box(struct slot *slot, const struct run_request *request, struct box *box) {
  const char *failed = NULL;
  if (slot->box.init < 0 || !fits(slot, request)) {
    box_drop(slot, &slot->box);
    failed = make(slot, false);
  }
  note_wish(&slot->wish, request);
  *box = slot->box;
  slot->box = no_box;
  return failed;
}

void slot_give_back(struct slot *slot, struct box *box) {
  slot->box = *box;
  *box = no_box;
}
