/*
 * The parser of runs. Whatever bytes come, it stays within them; and of what it accepts everything
 * that the rest of sandboxd relies on is checked here by other means than its own.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <string.h>

static bool has(const char *text, size_t size, const char *part) {
  return memmem(text, size, part, strlen(part)) != NULL;
}

/* Between slashes, so that every component is seen in the same way. */
static void check_path(struct view path) {
  char text[4098] = "/";
  MUST(path.size > 0 && path.size < 4096);
  memcpy(text + 1, path.data, path.size);
  text[path.size + 1] = '/';
  size_t size = path.size + 2;
  MUST(!memchr(text, 0, size) && !has(text, size, "//") && !has(text, size, "/./") && !has(text, size, "/../"));
}

static void check_texts(struct list list) {
  for (uint32_t i = 0; i < list.count; i++) {
    struct view text = read_view(&list.at, 4);
    MUST(!list.at.bad && !memchr(text.data, 0, text.size));
  }
}

static void check_files(struct list files) {
  for (uint32_t i = 0; i < files.count; i++) {
    check_path(read_view(&files.at, 2));
    uint64_t mode = read_uint(&files.at, 4);
    struct view bytes = read_view(&files.at, 8);
    MUST(mode <= 0777 || (mode == MODE_LINK && bytes.size && bytes.size < 4096 && !memchr(bytes.data, 0, bytes.size)));
    MUST(!files.at.bad);
  }
}

static void check_collect(struct list collect) {
  MUST(collect.count <= 4096);
  for (uint32_t i = 0; i < collect.count; i++) check_path(read_view(&collect.at, 2));
  MUST(!collect.at.bad);
}

static void check_limits(const struct limits *limits) {
  const uint64_t day = 86400000 * MS, tebibyte = MIB * MIB;
  MUST(limits->cpu >= MS && limits->cpu <= day && limits->wall >= MS && limits->wall <= day);
  MUST(limits->memory >= MIB && limits->memory <= 16 * tebibyte);
  MUST(limits->processes >= 1 && limits->processes <= 32768);
  MUST(limits->disk >= 4096 && limits->disk <= tebibyte && limits->inodes >= 2 && limits->inodes <= 1 << 24);
  MUST(limits->stack >= 65536 && limits->stack <= tebibyte && limits->file <= tebibyte);
  MUST(limits->open_files >= 4 && limits->open_files <= 1 << 20);
  MUST(!limits->idle || (limits->idle >= 10 * MS && limits->idle <= day));
  MUST(!limits->data || limits->data >= MIB);
  MUST(!limits->address_space || limits->address_space >= MIB);
}

static void check_accepted(const struct run_request *run, const uint8_t *data, size_t size) {
  MUST(strlen(run->image) == 64 && strspn(run->image, "0123456789abcdef") == 64);
  MUST(run->argv.count >= 1);
  check_texts(run->argv);
  check_texts(run->env);
  check_files(run->files);
  check_collect(run->collect);
  check_limits(&run->limits);
  MUST(run->keep_cap <= MIB * MIB && run->collect_cap <= 1024 * MIB);
  MUST(run->fd_count <= FDS_MAX && run->cpus.size <= 128);
  for (unsigned i = 0; i < run->fd_count; i++) {
    const struct fd_request *fd = &run->fds[i];
    MUST(fd->kind < FD_KINDS && (fd->kind != FD_SAME || fd->same < i));
    MUST(!fd->content.size || (fd->content.data >= data && fd->content.data + fd->content.size <= data + size));
    MUST((fd->kind != FD_READ && fd->kind != FD_WRITE) || (run->hold && fd->pipe.size == ID_SIZE));
    MUST((fd->kind != FD_CAPTURE && fd->kind != FD_WRITE) || fd->cap <= 256 * MIB);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct run_request run;
  struct refusal refusal = {0};
  bool accepted = parse_run((struct view){data, size}, &run, &refusal);
  struct reader reader = {data, data + size, false};
  uint32_t id = (uint32_t)read_uint(&reader, 4);
  MUST(run.id == id);
  if (accepted) {
    check_accepted(&run, data, size);
  } else {
    MUST(refusal.code >= ERROR_MALFORMED && refusal.code <= ERROR_PLATFORM);
    MUST(memchr(refusal.text, 0, sizeof refusal.text) && strlen(refusal.text) > 10);
  }
  return 0;
}
