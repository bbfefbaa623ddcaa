#define _GNU_SOURCE
#include "run.h"

#include "files.h"
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Younger than some C library's headers. */
#ifndef PIDFD_GET_MNT_NAMESPACE
#define PIDFD_GET_MNT_NAMESPACE _IO(0xFF, 3)
#endif

/* Directories and files that the program will find. */
static bool prepare_files(struct running *running, struct refusal *refusal) {
  const struct run_request *request = running->request;
  const struct limits *limits = &request->limits;
  const struct slot *slot = running->slot;
  char why[200];
  running->image = mount_image(request->image, why, sizeof why);
  if (running->image < 0) return refuse(refusal, ERROR_UNKNOWN_IMAGE, "%s", why);
  running->work = mount_tmpfs(limits->disk, limits->inodes, slot->uid, 0755);
  running->temporary = mount_tmpfs(limits->disk, limits->inodes, slot->uid, 01777);
  if (running->work < 0 || running->temporary < 0)
    return refuse(refusal, ERROR_PLATFORM, "a tmpfs can't be made: %s", strerror(errno));
  if (!artifact_is_none(request->base) &&
      !use_artifact(slot->daemon->artifacts, request->base, running->work, slot->uid, refusal))
    return false;
  return put_files(running->work, request->files, slot->uid, refusal);
}

static bool prepare_limits(struct running *running, struct refusal *refusal) {
  struct slot *slot = running->slot;
  const struct run_request *request = running->request;
  if (request->limits.cpu_rate && !slot->cgroup.all->home[CG_CPU][0])
    return refuse(refusal, ERROR_PLATFORM, "this machine can't limit the CPU rate: it has no cpu controller");
  if (!box_area_fill(slot->area, request))
    return refuse(refusal, ERROR_OUT_OF_RANGE, "arguments and environment are larger than %llu bytes",
                  (unsigned long long)ARENA_SIZE);
  slot->area->uid = slot->uid;
  if (slot->area->argv[0][0] == 0) return refuse(refusal, ERROR_OUT_OF_RANGE, "argv[0] is empty");
  const char *failed = slot_network(slot);
  if (!failed) failed = slot_spawner(slot);
  if (!failed) failed = slot_cgroup_begin(&slot->cgroup, &request->limits);
  if (failed) return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
  running->spawner_cpu = process_cpu(slot->spawner.pid);
  return true;
}

/* While this is open the box's mounts outlive the box: otherwise the kernel takes them apart between the
   end of the program and the answer. -1 before Linux 6.11, where the answer waits for that. */
static int hold_mounts(int init) {
  return ioctl(init, PIDFD_GET_MNT_NAMESPACE, 0);
}

static bool start(struct running *running, struct refusal *refusal) {
  struct slot *slot = running->slot;
  const struct run_request *request = running->request;
  /* Opened anew, because flags, owner and locks of an open file would reach the next box. */
  AUTO_CLOSE int input = request->input.size ? input_file(request->input) : open("/dev/null", O_RDONLY | O_CLOEXEC);
  AUTO_CLOSE int out = capture_open(&slot->out, request->limits.stdout_cap, slot->null);
  AUTO_CLOSE int err = capture_open(&slot->err, request->limits.stderr_cap, slot->null);
  if (input < 0 || out < 0 || err < 0)
    return refuse(refusal, ERROR_PLATFORM, "the standard streams can't be made: %s", strerror(errno));
  const int fds[BOX_FDS] = {running->image, running->work, running->temporary, input, out, err,
                            slot_cgroup_birthplace(&slot->cgroup)};
  running->init = spawner_clone(&slot->spawner, fds, slot->area);
  if (running->init < 0 && errno == EPIPE) {
    /* It may be dying still, and look alive. */
    spawner_stop(&slot->spawner);
    const char *failed = slot_spawner(slot);
    if (failed) return refuse(refusal, ERROR_PLATFORM, "%s: %s", failed, strerror(errno));
    running->spawner_cpu = process_cpu(slot->spawner.pid);
    running->init = spawner_clone(&slot->spawner, fds, slot->area);
  }
  if (running->init < 0) return refuse(refusal, ERROR_PLATFORM, "a box can't be started: %s", strerror(errno));
  close_fd(&running->image);
  running->namespace = hold_mounts(running->init);
  return true;
}

/* Everything of the run goes, also after a refusal in the middle. */
static void finish(struct running *running) {
  struct slot *slot = running->slot;
  capture_reset(&slot->out);
  capture_reset(&slot->err);
  close_fd(&running->init);
  close_fd(&running->image);
  close_fd(&running->work);
  close_fd(&running->temporary);
  close_fd(&running->namespace);
  slot_cgroup_end(&slot->cgroup, slot->spawner.pid);
}

bool run_perform(struct slot *slot, const struct run_request *request, uint64_t received_at) {
  struct running running = {.slot = slot,
                            .request = request,
                            .received_at = received_at,
                            .image = -1,
                            .work = -1,
                            .temporary = -1,
                            .init = -1,
                            .namespace = -1,
                            .listener = -1};
  struct refusal refusal;
  bool answered;
  if (prepare_files(&running, &refusal) && prepare_limits(&running, &refusal) && start(&running, &refusal)) {
    running_watch(&running);
    answered = !running.client_gone && running_answer(&running);
  } else {
    answered = send_error(slot->client, request->id, &refusal);
  }
  finish(&running);
  return answered;
}
