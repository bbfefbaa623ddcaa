/* One run, from its request to its outcome. */
#include "sandboxd.h"

#include <poll.h>
#include <sys/ioctl.h>

/* Younger than some C library's headers. */
#ifndef PIDFD_GET_MNT_NAMESPACE
#define PIDFD_GET_MNT_NAMESPACE _IO(0xFF, 3)
#endif
#define GO_NS (30 * SECOND)

/* Directories and files that the program will find. */
static bool prepare_files(struct running *running, struct refusal *refusal) {
  const struct run_request *request = running->request;
  const struct limits *limits = &request->limits;
  const struct slot *slot = running->slot;
  char why[200];
  /* In a user namespace there is no other. */
  running->slot->uid = slot->daemon->privileged ? slot->first_uid + running->slot->turn++ % SLOT_UIDS : 0;
  running->image = mount_image(request->image, slot->daemon->privileged, why, sizeof why);
  if (running->image < 0) return refuse(refusal, ERROR_UNKNOWN_IMAGE, "%s", why);
  running->work = mount_tmpfs(limits->disk, limits->inodes, slot->uid, 0755);
  running->temporary = mount_tmpfs(limits->disk, limits->inodes, slot->uid, 01777);
  if (running->work < 0 || running->temporary < 0)
    return refuse(refusal, ERROR_PLATFORM, "a tmpfs can't be made: %s", strerror(errno));
  if (!is_no_id(request->base) && !use_artifact(slot->daemon->artifacts, request->base, running->work, slot->uid, refusal))
    return false;
  return put_files(running->work, request->files, slot->uid, refusal);
}

static bool prepare_program(struct running *running, struct refusal *refusal) {
  struct slot *slot = running->slot;
  const struct run_request *request = running->request;
  if (request->limits.cpu_rate && !slot->cgroup.all->home[CG_CPU][0])
    return refuse(refusal, ERROR_PLATFORM, "this machine can't limit the CPU rate: it has no cpu controller");
  if (!box_area_fill(slot->area, request))
    return refuse(refusal, ERROR_OUT_OF_RANGE, "arguments and environment are larger than %llu bytes", (unsigned long long)ARENA_SIZE);
  slot->area->uid = slot->uid;
  /* Init has the same uid in the same user namespace. */
  slot->area->processes_rlimit = slot->daemon->privileged || slot->cgroup.all->home[CG_PIDS][0] ? 0 : request->limits.processes + 1;
  return slot->area->argv[0][0] || refuse(refusal, ERROR_OUT_OF_RANGE, "argv[0] is empty");
}

/* While this is open the box's mounts outlive the box: otherwise the kernel takes them apart between the end of the
   program and the answer. -1 before Linux 6.11, where the answer waits for that. */
static int hold_mounts(int init) {
  return ioctl(init, PIDFD_GET_MNT_NAMESPACE, 0);
}

/* The box that was made ahead; or another one, when its spawner or itself has been killed. */
static bool take_box(struct running *running, struct refusal *refusal) {
  struct slot *slot = running->slot;
  const char *failed = NULL;
  for (int attempt = 0; attempt < 2 && running->init < 0; attempt++) {
    if ((failed = slot_warm(slot))) break;
    failed = "the first process of a box";
    running->init = spawner_take(&slot->spawner, slot->area);
    if (running->init >= 0 && !wait_pidfd(running->init, 0)) break;
    if (running->init >= 0) reap(running->init);
    close_fd(&running->init);
    spawner_stop(&slot->spawner);
  }
  if (running->init < 0) return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
  running->namespace = hold_mounts(running->init);
  if ((failed = slot_cgroup_begin(&slot->cgroup, &running->request->limits)))
    return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
  running->spawner_cpu = process_cpu(slot->spawner.pid);
  running->init_cpu = process_cpu(slot->area->init);
  running->before = interference_now(slot, false);
  return true;
}

static bool start(struct running *running, const int theirs[FDS_MAX], struct refusal *refusal) {
  struct slot *slot = running->slot;
  int fds[DESCRIPTORS_MAX] = {running->image, running->work, running->temporary};
  unsigned count = BOX_FDS + slot->area->fd_count;
  memcpy(fds + BOX_FDS, theirs, slot->area->fd_count * sizeof *theirs);
  if (running->terminals >= 0) fds[count++] = running->terminals;
  if (!take_box(running, refusal)) return false;
  if (!send_descriptors(slot->spawner.start, fds, count))
    return refuse(refusal, ERROR_PLATFORM, "a box can't be started: %s", strerror(errno));
  close_fd(&running->image);
  return true;
}

/* Tells that all is prepared and waits for `go`; false when the run is over before it began. */
static bool held(struct running *running) {
  struct slot *slot = running->slot;
  size_t frame = frame_begin(&slot->outbox, FRAME_HELD);
  put_uint(&slot->outbox, 4, running->request->id);
  frame_end(&slot->outbox, frame);
  for (uint64_t deadline = now_ns() + GO_NS, now; (now = now_ns()) < deadline;) {
    if (!slot_flush(slot, false)) break;
    struct pollfd wait = {.fd = slot->client, .events = (short)(POLLIN | (slot->outbox.size ? POLLOUT : 0))};
    if (poll(&wait, 1, (int)((deadline - now + MS - 1) / MS)) <= 0) continue;
    enum inbox_state state = inbox_receive(&slot->inbox, slot->client, MSG_DONTWAIT);
    if (state == INBOX_WAIT) continue;
    struct reader reader = {slot->inbox.data, slot->inbox.data + slot->inbox.size, false};
    bool go = state == INBOX_FRAME && slot->inbox.size == 5 && slot->inbox.data[0] == FRAME_GO;
    running->client_gone = state != INBOX_FRAME || !running_frame(running, reader);
    if (go) go = reader.at++ && read_uint(&reader, 4) == running->request->id;
    if (running->client_gone) return false;
    inbox_next(&slot->inbox);
    if (running->cause != STATUS_EXITED) return false;
    if (go) return true;
  }
  running->cause = STATUS_CANCELLED;
  return false;
}

/* Everything of the run goes, also after a refusal in the middle. */
static void finish(struct running *running) {
  struct slot *slot = running->slot;
  streams_forget(running);
  streams_reset(slot);
  if (running->init >= 0 && !running->dead) {
    kill_pidfd(running->init);
    reap(running->init);
  }
  /* What it was sent may wait there still. */
  if (running->init >= 0 && !slot->area->exec_at) spawner_stop(&slot->spawner);
  int *const all[] = {&running->init, &running->program, &running->image, &running->work,
                      &running->temporary, &running->terminals, &running->namespace, &running->listener};
  bool used = running->init >= 0;
  for (unsigned i = 0; i < COUNT_OF(all); i++) close_fd(all[i]);
  if (used) slot_cgroup_end(&slot->cgroup, slot->spawner.pid);
}

bool run_perform(struct slot *slot, const struct run_request *request, uint64_t received_at) {
  struct running running = {.slot = slot, .request = request, .received_at = received_at, .image = -1, .work = -1, .temporary = -1,
                            .terminals = -1, .init = -1, .program = -1, .namespace = -1, .listener = -1};
  struct refusal refusal;
  int theirs[FDS_MAX];
  bool answered = false, begun = false;
  for (unsigned i = 0; i < FDS_MAX; i++) theirs[i] = -1;
  bool prepared = prepare_files(&running, &refusal) && prepare_program(&running, &refusal) && streams_open(&running, theirs, &refusal);
  if (prepared && (!request->hold || held(&running))) {
    /* A partner that is not there by now does not come. */
    streams_forget(&running);
    begun = prepared = start(&running, theirs, &refusal);
  }
  for (unsigned i = 0; i < FDS_MAX; i++) close_fd(&theirs[i]);
  if (begun) running_watch(&running);
  if (!prepared) put_error(&slot->outbox, request->id, &refusal);
  else if (!running.client_gone) answered = running_answer(&running);
  finish(&running);
  /* The next box, while nobody waits for it. */
  const char *failed = slot_warm(slot);
  if (failed) warn("slot %u: %s: %s", slot->number, failed, strerror(errno));
  return answered || !prepared;
}
