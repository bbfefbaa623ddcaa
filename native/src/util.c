#include "sandboxd.h"

#include <dirent.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>

void close_auto(int *fd) {
  if (*fd >= 0) close(*fd);
}

void close_fd(int *fd) {
  close_auto(fd);
  *fd = -1;
}

static uint64_t clock_ns(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time)) return 0;
  return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

uint64_t now_ns(void) {
  return clock_ns(CLOCK_MONOTONIC);
}

uint64_t process_cpu(pid_t pid) {
  /* The clock of another process: its number, inverted, above the kind (2 = scheduler's account). */
  return clock_ns(pid ? (clockid_t)(~(unsigned)pid << 3 | 2) : CLOCK_THREAD_CPUTIME_ID);
}

static void say(const char *format, va_list values) {
  char line[1024];
  vsnprintf(line, sizeof line, format, values);
  dprintf(STDERR_FILENO, "sandboxd: %s\n", line);
}

void warn(const char *format, ...) {
  va_list values;
  va_start(values, format);
  say(format, values);
  va_end(values);
}

_Noreturn void fail(int code, const char *format, ...) {
  va_list values;
  va_start(values, format);
  say(format, values);
  va_end(values);
  _exit(code);
}

int read_text(int directory, const char *name, char *text, size_t size) {
  AUTO_CLOSE int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t have = 0;
  for (ssize_t got = 1; got != 0 && have < size - 1; have += got > 0 ? (size_t)got : 0) {
    got = read(fd, text + have, size - 1 - have);
    if (got < 0 && errno != EINTR) return -1;
  }
  while (have > 0 && text[have - 1] == '\n') have--;
  text[have] = 0;
  return 0;
}

int write_text(int directory, const char *name, const char *text) {
  AUTO_CLOSE int fd = openat(directory, name, O_WRONLY | O_CLOEXEC);
  return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
}

int write_number(int fd, uint64_t value) {
  char text[24];
  int size = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
  return pwrite(fd, text, (size_t)size, 0) == size ? 0 : -1;
}

uint64_t read_number(int fd, const char *key) {
  char text[4096];
  ssize_t size = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
  if (size <= 0) return 0;
  text[size] = 0;
  if (!key) return strtoull(text, NULL, 10);
  size_t length = strlen(key);
  for (char *line = text; line; line = strchr(line, '\n')) {
    while (*line == '\n') line++;
    if (!strncmp(line, key, length) && line[length] == ' ') return strtoull(line + length + 1, NULL, 10);
  }
  return 0;
}

void kill_pidfd(int pidfd) {
  syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

int open_pidfd(pid_t pid) {
  return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool wait_pidfd(int pidfd, uint64_t timeout_ns) {
  for (uint64_t deadline = now_ns() + timeout_ns;;) {
    uint64_t now = now_ns(), left = now < deadline ? deadline - now : 0;
    struct pollfd wait = {.fd = pidfd, .events = POLLIN};
    int ready = poll(&wait, 1, (int)((left + MS - 1) / MS));
    if (ready > 0) return true;
    if ((ready < 0 && errno != EINTR) || left == 0) return false;
  }
}

union descriptors {
  struct cmsghdr header;
  char space[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

bool send_descriptors(int socket, const int *fds, unsigned count) {
  char byte = 0;
  union descriptors control = {0};
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  if (count) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    control.header = (struct cmsghdr){CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

int receive_descriptors(int socket, int *fds, unsigned most, pid_t *sender, int flags) {
  char byte;
  union descriptors control;
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t got;
  do got = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return -1;
  size_t count = 0;
  for (unsigned i = 0; i < most; i++) fds[i] = -1;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_type == SCM_CREDENTIALS && sender) *sender = ((const struct ucred *)(const void *)CMSG_DATA(header))->pid;
    if (header->cmsg_type != SCM_RIGHTS) continue;
    count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (count > most) count = most;
    memcpy(fds, CMSG_DATA(header), count * sizeof(int));
  }
  return (int)count;
}

/* Only for trees that sandboxd made itself: they are no deeper than what it copies. */
static bool empty_directory(int directory) {
  int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = again < 0 ? NULL : fdopendir(again);
  bool emptied = entries != NULL;
  for (struct dirent *entry; emptied && (entry = readdir(entries));)
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) emptied = remove_tree(directory, entry->d_name);
  if (entries) closedir(entries);
  else close_auto(&again);
  return emptied;
}

bool remove_tree(int directory, const char *name) {
  if (!unlinkat(directory, name, 0) || errno == ENOENT) return true;
  AUTO_CLOSE int inner = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return inner >= 0 && empty_directory(inner) && !unlinkat(directory, name, AT_REMOVEDIR);
}

void hex_text(const uint8_t *bytes, size_t size, char *text) {
  for (size_t i = 0; i < size; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

void random_bytes(void *bytes, size_t size) {
  if (getrandom(bytes, size, 0) != (ssize_t)size) fail(3, "the kernel gave no random bytes");
}

void reap(int pidfd) {
  siginfo_t info;
  while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) && errno == EINTR) continue;
}
