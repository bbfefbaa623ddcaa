/* From a dead box to the frame that tells its outcome. */
#include "sandboxd.h"

#include <sys/uio.h>
#include <sys/wait.h>

/* Below the limit by less than this a peak is at it: the kernel charges in batches. */
#define AT_LIMIT (256 * 1024)

/* The number after a word of a line that begins with another, in a file of /proc; 0 if absent. */
static uint64_t number_in(int fd, const char *line, const char *word) {
  char text[4096];
  ssize_t size = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
  if (size <= 0) return 0;
  text[size] = 0;
  char *at = strstr(text, line);
  at = at ? strstr(at + strlen(line), word) : NULL;
  return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

static uint64_t stolen_ticks(int stat) {
  char text[256];
  unsigned long long steal = 0;
  ssize_t size = stat < 0 ? -1 : pread(stat, text, sizeof text - 1, 0);
  if (size <= 0) return 0;
  text[size] = 0;
  sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %llu", &steal);
  return steal;
}

struct interference interference_now(const struct slot *slot, bool of_box) {
  bool box = slot->cgroup.files[F_PRESSURE] >= 0;
  int pressure = box && of_box ? slot->cgroup.files[F_PRESSURE] : slot->machine[M_PRESSURE];
  return (struct interference){.waited = box && !of_box ? 0 : number_in(pressure, "some", "total=") * 1000,
                               .stolen = stolen_ticks(slot->machine[M_STAT]) * (SECOND / (uint64_t)sysconf(_SC_CLK_TCK)),
                               .waited_of = box ? 1 : pressure >= 0 ? 2 : 0,
                               .read = true};
}

/* Tasks that are ready to run, without this process. */
static uint64_t runnable_now(const struct slot *slot) {
  char text[64];
  unsigned long ready = 0;
  ssize_t size = slot->machine[M_LOAD] < 0 ? -1 : pread(slot->machine[M_LOAD], text, sizeof text - 1, 0);
  if (size <= 0) return 0;
  text[size] = 0;
  sscanf(text, "%*s %*s %*s %lu", &ready);
  return ready > 0 ? ready - 1 : 0;
}

static void put_interference(struct writer *frame, const struct running *running) {
  put_uint(frame, 8, running->after.waited - running->before.waited);
  put_uint(frame, 1, running->after.waited_of);
  put_uint(frame, 8, running->after.stolen - running->before.stolen);
  put_uint(frame, 4, runnable_now(running->slot));
}

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

/* 1 = the kernel's OOM killer struck, 2 = the peak is at the limit and the program failed, 0 = neither. */
static unsigned memory_cause(const struct running *running) {
  const struct cgroup_usage *usage = &running->usage;
  int status = running->slot->area->status;
  bool failed = running->slot->area->ended_at && status != 0;
  if (usage->ooms > 0 || running->cause == STATUS_MEMORY_LIMIT) return 1;
  /* v2 tells of memory that could not be had; on v1 a peak at the limit must do, which page cache can also make. */
  bool at_limit = usage->memory_limit && usage->memory_peak + AT_LIMIT > usage->memory_limit;
  return failed && (running->slot->cgroup.all->version == 2 ? usage->unkilled_ooms > 0 : at_limit) ? 2 : 0;
}

static enum status decide(struct running *running) {
  const struct box_area *area = running->slot->area;
  unsigned memory = memory_cause(running);
  bool out_of_memory = memory == 1, killed = running->cause != STATUS_EXITED;
  if (running->cause == STATUS_PLATFORM) return STATUS_PLATFORM;
  if (!running->started) return STATUS_CANCELLED;
  if (area->stage != STAGE_NONE && !(out_of_memory && area->stage != STAGE_EXEC)) return setup_failed(running);
  if (!area->ended_at && !killed && !out_of_memory) {
    snprintf(running->message, sizeof running->message, "the first process of the box was ended by signal %d", running->init_status);
    return STATUS_PLATFORM;
  }
  if (running->cause == STATUS_CANCELLED) return STATUS_CANCELLED;
  if (out_of_memory) return STATUS_MEMORY_LIMIT;
  if (running->cause == STATUS_CPU_LIMIT || running->cpu >= running->request->limits.cpu) return STATUS_CPU_LIMIT;
  if (killed) return running->cause;
  /* It may end by itself before we hear of the fork that failed. */
  if (running->request->limits.stop_at_processes && running->usage.hits > 0) return STATUS_PROCESS_LIMIT;
  if (memory) return STATUS_MEMORY_LIMIT;
  if (WIFEXITED(area->status)) return STATUS_EXITED;
  return WTERMSIG(area->status) == SIGXFSZ ? STATUS_FILE_LIMIT : STATUS_SIGNALLED;
}

static uint64_t time_ns(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

/* The kernel's exact account has no parts, its account of parts is sampled or has only what was
   waited for: the total is from the one, the proportion from the other. */
static uint64_t user_part(const struct running *running) {
  uint64_t user = time_ns(running->resources.ru_utime), system = time_ns(running->resources.ru_stime);
  if (!running->slot->area->ended_at) {
    slot_cgroup_parts(&running->slot->cgroup, &user, &system);
  }
  if (user + system == 0) return running->cpu;
  return (uint64_t)((double)running->cpu * ((double)user / (double)(user + system)));
}

static void put_refused(struct writer *frame, const struct refused *refused) {
  unsigned kinds = 0;
  for (unsigned i = 0; i < REFUSED_KINDS; i++) kinds += refused->counts[i] > 0;
  put_uint(frame, 2, kinds);
  for (unsigned i = 0; i < REFUSED_KINDS; i++) {
    if (!refused->counts[i]) continue;
    put_text(frame, seccomp_refused_name(i));
    put_uint(frame, 4, refused->counts[i]);
  }
}

static uint64_t larger(uint64_t one, uint64_t other) {
  return one > other ? one : other;
}

static void put_measured(struct writer *frame, struct running *running, enum status status) {
  const struct box_area *area = running->slot->area;
  const struct cgroup_usage *usage = &running->usage;
  bool begun = running->started && area->stage == STAGE_NONE, ended = begun && area->ended_at, started = begun && area->exec_at;
  uint64_t end = ended ? area->ended_at : running->died_at ? running->died_at : now_ns(), user = user_part(running);
  int signal = ended ? (WIFSIGNALED(area->status) ? WTERMSIG(area->status) : 0) : started ? SIGKILL : 0;
  put_uint(frame, 4, running->request->id);
  put_uint(frame, 1, status);
  put_uint(frame, 4, (uint32_t)(ended && WIFEXITED(area->status) ? WEXITSTATUS(area->status) : -1));
  put_uint(frame, 4, (uint32_t)signal);
  put_uint(frame, 8, user);
  put_uint(frame, 8, running->cpu - user);
  put_uint(frame, 8, started ? end - area->exec_at : 0);
  put_uint(frame, 8, (started ? area->exec_at : end) - running->received_at);
  put_uint(frame, 8, end / 1000);
  put_uint(frame, 8, streams_passed_end_at(running) / 1000);
  put_uint(frame, 8, usage->memory_peak > running->watched_memory ? usage->memory_peak : running->watched_memory);
  put_uint(frame, 1, status == STATUS_MEMORY_LIMIT ? memory_cause(running) : 0);
  put_uint(frame, 4, usage->pids_peak > running->watched_processes ? usage->pids_peak : running->watched_processes);
  put_uint(frame, 4, usage->ooms);
  put_uint(frame, 4, usage->hits);
  put_uint(frame, 8, larger(running->voluntary, (uint64_t)running->resources.ru_nvcsw));
  put_uint(frame, 8, larger(running->involuntary, (uint64_t)running->resources.ru_nivcsw));
  put_interference(frame, running);
  put_uint(frame, 8, running->file_bytes);
  put_uint(frame, 4, running->slot->daemon->isolation);
  put_refused(frame, &running->refused);
  put_text(frame, running->message);
}

static void put_artifact(struct writer *frame, const struct running *running, enum status status) {
  const struct run_request *request = running->request;
  uint8_t id[ID_SIZE] = {0};
  struct tree_count count = {0};
  bool good = status == STATUS_EXITED && WEXITSTATUS(running->slot->area->status) == 0;
  if (request->keep && good && !keep_artifact(running->slot->daemon->artifacts, running->box.work, request->keep_cap, id, &count) &&
      errno != EFBIG)
    warn("slot %u could not keep a work directory: %s", running->slot->number, strerror(errno));
  put_data(frame, id, sizeof id);
  put_uint(frame, 8, count.bytes);
  put_uint(frame, 4, count.entries);
  put_uint(frame, 4, count.skipped);
}

struct collected {
  enum collect_state state;
  uint64_t size; /* that are sent */
};

/* Looks at every wanted file; their contents are sent later, straight from the file. */
static struct collected *look_at_files(const struct running *running, uint64_t *frame) {
  const struct run_request *request = running->request;
  struct list list = request->collect;
  struct collected *files = calloc(list.count + 1, sizeof *files);
  uint64_t left = request->collect_cap;
  for (uint32_t i = 0; files && i < list.count; i++) {
    struct view path = read_view(&list.at, 2);
    int fd;
    files[i].state = open_collected(running->box.work, path, &fd, &files[i].size);
    close_fd(&fd);
    uint64_t cap = left < request->collect_each ? left : request->collect_each;
    if (files[i].state == COLLECT_OK && files[i].size > cap) {
      files[i].state = COLLECT_TOO_LARGE;
      files[i].size = request->truncate ? cap : 0;
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
    sent = open_collected(running->box.work, path, &fd, &size) == COLLECT_OK && size >= files[i].size &&
           send_content(client, fd, files[i].size, deadline);
  }
  return sent;
}

/* One call for what nearly every answer consists of. */
static bool send_parts(int client, struct iovec *parts, unsigned count, uint64_t deadline) {
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
  ssize_t sent = sendmsg(client, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  size_t done = sent > 0 ? (size_t)sent : 0;
  for (unsigned i = 0; i < count; i++) {
    size_t skip = done < parts[i].iov_len ? done : parts[i].iov_len;
    done -= skip;
    if (!send_all(client, (char *)parts[i].iov_base + skip, parts[i].iov_len - skip, deadline)) return false;
  }
  return true;
}

bool running_answer(struct running *running) {
  struct slot *slot = running->slot;
  const struct run_request *request = running->request;
  struct writer *frame = &slot->outbox;
  struct iovec parts[2 * FDS_MAX + 1];
  size_t ends[FDS_MAX + 1], begin;
  if (!slot->cgroup.all->home[CG_CPUACCT][0]) {
    uint64_t waited = time_ns(running->resources.ru_utime) + time_ns(running->resources.ru_stime);
    if (waited > running->cpu) running->cpu = waited;
  }
  enum status status = decide(running);
  begin = frame_begin(frame, FRAME_OUTCOME);
  put_measured(frame, running, status);
  put_artifact(frame, running, status);
  put_uint(frame, 1, request->fd_count);
  uint64_t size = 0;
  for (unsigned i = 0; i < request->fd_count; i++) {
    const struct stream *stream = &slot->streams[i];
    size_t kept = stream->kind == FD_CAPTURE || stream->kind == FD_WRITE ? stream->bytes.size : 0;
    put_uint(frame, 8, stream->total);
    put_uint(frame, 8, kept);
    ends[i] = frame->size;
    parts[2 * i + 1] = (struct iovec){stream->bytes.data, kept};
    size += kept;
    if (stream->bytes.bad) frame->bad = true;
  }
  put_uint(frame, 2, request->collect.count);
  ends[request->fd_count] = frame->size;
  size += frame->size - begin - 4;
  struct collected *files = look_at_files(running, &size);
  bool sent = false;
  if (files && !frame->bad && size <= UINT32_MAX) {
    for (unsigned i = 0; i < 4; i++) frame->data[begin + i] = (uint8_t)(size >> (8 * i));
    for (unsigned i = 0; i <= request->fd_count; i++) {
      size_t from = i ? ends[i - 1] : 0;
      parts[2 * i] = (struct iovec){frame->data + from, ends[i] - from};
    }
    uint64_t deadline = now_ns() + SEND_NS;
    sent = send_parts(slot->client, parts, 2 * request->fd_count + 1, deadline) && send_files(running, files, deadline);
  }
  free(files);
  writer_reset(frame);
  return sent;
}
