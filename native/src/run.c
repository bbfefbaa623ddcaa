/* One run, from its request to its outcome. */
#include "sandboxd.h"

#include <poll.h>

#define GO_NS (30 * SECOND)

/* A box, and the directories and files that the program will find in it. */
static bool prepare_files(struct running *running, struct refusal *refusal) {
  const struct run_request *request = running->request;
  const struct limits *limits = &request->limits;
  struct slot *slot = running->slot;
  struct box *box = &running->box;
  char why[200];
  const char *failed = slot_take_box(slot, request, box);
  if (failed) return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
  if (!box->mounted && (running->image = mount_image(request->image, slot->daemon->privileged, &box->image, why, sizeof why)) < 0)
    return refuse(refusal, ERROR_UNKNOWN_IMAGE, "%s", why);
  if (box->disk != limits->disk || box->inodes != limits->inodes) {
    if (!resize_tmpfs(box->work, limits->disk, limits->inodes) || !resize_tmpfs(box->temporary, limits->disk, limits->inodes))
      return refuse(refusal, ERROR_PLATFORM, "a tmpfs can't be resized: %s", strerror(errno));
    box->disk = limits->disk;
    box->inodes = limits->inodes;
  }
  running->touched |= request->files.count > 0 || !is_no_id(request->base);
  if (!is_no_id(request->base) && !use_artifact(slot->daemon->artifacts, request->base, box->work, slot->uid, refusal))
    return false;
  return put_files(box->work, request->files, slot->uid, refusal);
}

static bool prepare_program(struct running *running, struct refusal *refusal) {
  struct slot *slot = running->slot;
  const struct run_request *request = running->request;
  if (request->limits.cpu_rate && !slot->cgroup.all->home[CG_CPU][0])
    return refuse(refusal, ERROR_PLATFORM, "this machine can't limit the CPU rate: it has no cpu controller");
  if (!box_area_fill(slot->area, request))
    return refuse(refusal, ERROR_OUT_OF_RANGE, "arguments and environment are larger than %llu bytes", (unsigned long long)ARENA_SIZE);
  /* Init has the same uid in the same user namespace. */
  slot->area->processes_rlimit = slot->daemon->privileged || slot->cgroup.all->home[CG_PIDS][0] ? 0 : request->limits.processes + 1;
  return slot->area->argv[0][0] || refuse(refusal, ERROR_OUT_OF_RANGE, "argv[0] is empty");
}

/* Its accounts start here: everything in the box sleeps. */
static const char *begin_accounts(struct running *running) {
  struct slot *slot = running->slot;
  running->spawner_cpu = process_cpu(slot->spawner.pid);
  running->init_cpu = process_cpu(slot->area->init);
  running->program_cpu = process_cpu(running->box.program_pid);
  return slot_cgroup_begin(&slot->cgroup, &running->request->limits);
}

/* From outside, because the filter answers the program's own call without doing anything. */
static bool choose_processors(const struct running *running) {
  struct view cpus = running->request->cpus;
  return !cpus.size || syscall(SYS_sched_setaffinity, running->box.program_pid, cpus.size, cpus.data) >= 0;
}

static bool start(struct running *running, const int theirs[FDS_MAX], struct refusal *refusal) {
  struct slot *slot = running->slot;
  struct box *box = &running->box;
  const int mounts[BOX_FDS + 1] = {running->image, box->work, box->temporary, running->terminals};
  const char *failed = begin_accounts(running);
  if (failed) return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
  running->touched = running->started = true;
  running->started_at = now_ns();
  if (!choose_processors(running)) {
    box_failed(slot->area, STAGE_EXEC, "none of the wanted processors can be used for");
    kill_pidfd(box->init);
  } else if ((!box->mounted && !send_descriptors(slot->spawner.start, mounts, BOX_FDS + (running->terminals >= 0))) ||
             !send_descriptors(slot->spawner.run, theirs, slot->area->fd_count)) {
    return refuse(refusal, ERROR_PLATFORM, "a box can't be started: %s", strerror(errno));
  }
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
  close_fd(&running->image);
  close_fd(&running->terminals);
  if (running->box.init < 0) return;
  if (running->started) running_unwatch(running);
  if (!running->touched) {
    slot_give_back(slot, &running->box);
    return;
  }
  if (!running->started || !slot->area->exec_at) {
    box_drop(slot, &running->box);
    return;
  }
  if (!running->dead) {
    kill_pidfd(running->box.init);
    reap(running->box.init);
  }
  /* It may have ended when it was killed. */
  while (receive_descriptors(slot->spawner.notify, NULL, 0, NULL, MSG_DONTWAIT) >= 0) continue;
  /* They are taken apart while the next box is cloned, unless they hold what counts in its cgroup. */
  slot->last = running->box;
  if (running->file_bytes > MIB) box_close(&slot->last);
  slot_cgroup_end(&slot->cgroup, slot->spawner.pid);
}

bool run_perform(struct slot *slot, const struct run_request *request, uint64_t received_at) {
  struct running running = {.slot = slot, .request = request, .received_at = received_at, .box = no_box,
                            .image = -1, .terminals = -1};
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
