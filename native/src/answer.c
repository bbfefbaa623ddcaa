/* From a dead box to the frame that tells its outcome. */
#define _GNU_SOURCE
#include "files.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

static enum status setup_failed(struct running *running) {
  const struct box_area *area = running->slot->area;
  bool exec = area->stage == STAGE_EXEC;
  if (area->error == ENOMEM && !exec) {
    snprintf(running->message, sizeof running->message, "the memory limit is too small to start a box (%s)", area->failed);
    return STATUS_START_FAILED;
  }
  snprintf(running->message, sizeof running->message, "%.80s %.100s: %s", area->failed, exec ? area->argv[0] : "",
           strerror(area->error));
  return exec ? STATUS_START_FAILED : STATUS_PLATFORM;
}

static enum status decide(struct running *running) {
  const struct box_area *area = running->slot->area;
  bool out_of_memory = running->usage.oom_kills > 0, killed = running->cause != STATUS_EXITED;
  if (running->cause == STATUS_PLATFORM) return STATUS_PLATFORM;
  if (area->stage != STAGE_NONE && !(out_of_memory && area->stage != STAGE_EXEC)) return setup_failed(running);
  if (!area->ended_at && !killed && !out_of_memory) {
    snprintf(running->message, sizeof running->message, "the first process of the box was ended by signal %d",
             running->init_status);
    return STATUS_PLATFORM;
  }
  if (running->cause == STATUS_CANCELLED) return STATUS_CANCELLED;
  if (out_of_memory) return STATUS_MEMORY_LIMIT;
  if (running->cause == STATUS_CPU_LIMIT || running->cpu >= running->request->limits.cpu) return STATUS_CPU_LIMIT;
  if (killed) return running->cause;
  return WIFEXITED(area->status) ? STATUS_EXITED : STATUS_SIGNALLED;
}

static uint64_t time_ns(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

/* The kernel's exact account has no parts, its account of parts is sampled or has only what was
   waited for: the total is from the one, the proportion from the other. */
static uint64_t user_part(const struct running *running) {
  uint64_t user = time_ns(running->resources.ru_utime), system = time_ns(running->resources.ru_stime);
  if (!running->slot->area->ended_at) {
    user = running->usage.user;
    system = running->usage.system;
  }
  if (user + system == 0) return running->cpu;
  return (uint64_t)((double)running->cpu * ((double)user / (double)(user + system)));
}

static uint64_t used_bytes(int mount) {
  struct statfs space;
  if (fstatfs(mount, &space)) return 0;
  return (uint64_t)(space.f_blocks - space.f_bfree) * (uint64_t)space.f_bsize;
}

static void put_refused(struct writer *head, const struct refused *refused) {
  unsigned kinds = 0;
  for (unsigned i = 0; i < REFUSED_KINDS; i++) kinds += refused->counts[i] > 0;
  put_uint(head, 2, kinds);
  for (unsigned i = 0; i < REFUSED_KINDS; i++) {
    if (!refused->counts[i]) continue;
    put_text(head, seccomp_refused_name(i));
    put_uint(head, 4, refused->counts[i]);
  }
}

static void put_measured(struct writer *head, struct running *running, enum status status) {
  const struct slot *slot = running->slot;
  const struct box_area *area = slot->area;
  bool ended = area->ended_at && area->stage == STAGE_NONE, started = area->exec_at && area->stage == STAGE_NONE;
  uint64_t end = ended ? area->ended_at : running->died_at, user = user_part(running);
  int signal = ended ? (WIFSIGNALED(area->status) ? WTERMSIG(area->status) : 0) : started ? 9 : 0;
  put_uint(head, 4, running->request->id);
  put_uint(head, 1, status);
  put_uint(head, 4, (uint32_t)(ended && WIFEXITED(area->status) ? WEXITSTATUS(area->status) : -1));
  put_uint(head, 4, (uint32_t)signal);
  put_uint(head, 8, user);
  put_uint(head, 8, running->cpu - user);
  put_uint(head, 8, started ? end - area->exec_at : 0);
  put_uint(head, 8, (started ? area->exec_at : end) - running->received_at);
  put_uint(head, 8, running->usage.memory_peak);
  put_uint(head, 4, running->usage.pids_peak);
  put_uint(head, 4, running->usage.oom_kills);
  put_uint(head, 4, running->usage.pids_hits);
  put_uint(head, 8, (uint64_t)running->resources.ru_nvcsw);
  put_uint(head, 8, (uint64_t)running->resources.ru_nivcsw);
  put_uint(head, 8, slot->out.total);
  put_uint(head, 8, slot->err.total);
  put_uint(head, 8, used_bytes(running->work) + used_bytes(running->temporary));
  put_uint(head, 4, slot->daemon->isolation);
  put_refused(head, &running->refused);
  put_text(head, running->message);
}

static void put_artifact(struct writer *head, const struct running *running, enum status status) {
  const struct run_request *request = running->request;
  uint8_t id[ARTIFACT_SIZE] = {0};
  struct tree_count count = {0};
  bool good = status == STATUS_EXITED && WEXITSTATUS(running->slot->area->status) == 0;
  if (request->keep && good && !keep_artifact(running->slot->daemon->artifacts, running->work, request->keep_cap, id, &count) &&
      errno != EFBIG)
    warn("slot %u could not keep a work directory: %s", running->slot->number, strerror(errno));
  put_data(head, id, sizeof id);
  put_uint(head, 8, count.bytes);
  put_uint(head, 4, count.entries);
  put_uint(head, 4, count.skipped);
}

struct collected {
  enum collect_state state;
  uint64_t size;
};

/* Looks at every wanted file; their contents are sent later, straight from the file. */
static struct collected *look_at_files(const struct running *running, uint64_t *frame) {
  struct list list = running->request->collect;
  struct collected *files = calloc(list.count + 1, sizeof *files);
  uint64_t left = running->request->collect_cap;
  for (uint32_t i = 0; files && i < list.count; i++) {
    struct view path = read_view(&list.at, 2);
    int fd;
    files[i].state = open_collected(running->work, path, &fd, &files[i].size);
    close_fd(&fd);
    if (files[i].state == COLLECT_OK && files[i].size > left) {
      files[i].state = COLLECT_TOO_LARGE;
      files[i].size = 0;
    }
    left -= files[i].size;
    *frame += 2 + path.size + 1 + 8 + files[i].size;
  }
  return files;
}

static bool send_content(int client, int fd, uint64_t size, uint64_t deadline) {
  static uint8_t buffer[256 * 1024];
  while (size > 0) {
    ssize_t got = read(fd, buffer, size < sizeof buffer ? (size_t)size : sizeof buffer);
    if (got <= 0 || !send_all(client, buffer, (size_t)got, deadline)) return false;
    size -= (uint64_t)got;
  }
  return true;
}

static bool send_files(const struct running *running, const struct collected *files, uint64_t deadline) {
  struct list list = running->request->collect;
  int client = running->slot->client;
  bool sent = true;
  for (uint32_t i = 0; sent && i < list.count; i++) {
    struct view path = read_view(&list.at, 2);
    struct writer entry = {0};
    put_uint(&entry, 2, path.size);
    put_data(&entry, path.data, path.size);
    put_uint(&entry, 1, files[i].state);
    put_uint(&entry, 8, files[i].size);
    sent = !entry.bad && send_all(client, entry.data, entry.size, deadline);
    free(entry.data);
    if (!sent || files[i].size == 0) continue;
    AUTO_CLOSE int fd = -1;
    uint64_t size;
    sent = open_collected(running->work, path, &fd, &size) == COLLECT_OK && size == files[i].size &&
           send_content(client, fd, size, deadline);
  }
  return sent;
}

/* One call for what nearly every answer consists of. */
static bool send_parts(int client, struct iovec *parts, int count, uint64_t deadline) {
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
  ssize_t sent = sendmsg(client, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  size_t done = sent > 0 ? (size_t)sent : 0;
  for (int i = 0; i < count; i++) {
    size_t skip = done < parts[i].iov_len ? done : parts[i].iov_len;
    done -= skip;
    if (!send_all(client, (char *)parts[i].iov_base + skip, parts[i].iov_len - skip, deadline)) return false;
  }
  return true;
}

bool running_answer(struct running *running) {
  struct slot *slot = running->slot;
  struct writer head = {0}, middle = {0}, tail = {0};
  if (!slot->cgroup.all->home[CG_CPUACCT][0])
    running->cpu = time_ns(running->resources.ru_utime) + time_ns(running->resources.ru_stime);
  enum status status = decide(running);
  put_uint(&head, 4, 0);
  put_uint(&head, 1, FRAME_OUTCOME);
  put_measured(&head, running, status);
  put_artifact(&head, running, status);
  put_uint(&head, 8, slot->out.size);
  put_uint(&middle, 8, slot->err.size);
  put_uint(&tail, 2, running->request->collect.count);
  uint64_t size = head.size - 4 + slot->out.size + middle.size + slot->err.size + tail.size;
  struct collected *files = look_at_files(running, &size);
  bool sent = false;
  if (files && !head.bad && !middle.bad && !tail.bad && size <= UINT32_MAX) {
    for (unsigned i = 0; i < 4; i++) head.data[i] = (uint8_t)(size >> (8 * i));
    struct iovec parts[] = {{head.data, head.size},
                            {slot->out.data, slot->out.size},
                            {middle.data, middle.size},
                            {slot->err.data, slot->err.size},
                            {tail.data, tail.size}};
    uint64_t deadline = now_ns() + SEND_NS;
    sent = send_parts(slot->client, parts, COUNT_OF(parts), deadline) && send_files(running, files, deadline);
  }
  free(files);
  free(head.data);
  free(middle.data);
  free(tail.data);
  return sent;
}
