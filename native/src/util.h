/* Small helpers that every room of sandboxd uses. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define MIB ((uint64_t)1024 * 1024)
#define MS ((uint64_t)1000 * 1000)

/* A descriptor that is closed when its variable goes out of scope; -1 is none. */
#define AUTO_CLOSE __attribute__((cleanup(close_auto)))

void close_auto(int *fd);
void close_fd(int *fd);

/* CLOCK_MONOTONIC in ns. */
uint64_t now_ns(void);

/* One line on stderr. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line on stderr, then exit with this code. */
_Noreturn void fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A whole small text file with its last newline removed; -1 and errno if it can't be read. */
int read_text(int directory, const char *name, char *text, size_t size);
/* 0, or -1 and errno. The file must exist. */
int write_text(int directory, const char *name, const char *text);
/* The same for a descriptor that stays open (files of a cgroup). */
int write_number(int fd, uint64_t value);
/* The number after a key ("oom_kill 3"), or the file's only number when key is null; 0 if absent. */
uint64_t read_number(int fd, const char *key);

/* Kills by descriptor, so never a process that has another's old number. */
void kill_pidfd(int pidfd);
int open_pidfd(pid_t pid);
/* Waits for the end of a process that need not be a child; false if it takes longer. */
bool wait_pidfd(int pidfd, uint64_t timeout_ns);

#define DESCRIPTORS_MAX 8
/* One message with these descriptors (at most 8) and nothing else; false and errno. */
bool send_descriptors(int socket, const int *fds, unsigned count);
/* Such a message; how many descriptors came, the rest of `fds` is -1. -1 = none came. */
int receive_descriptors(int socket, int *fds, unsigned most, int flags);

/* Removes a file or a directory with all it holds, following no link; true if it is gone. */
bool remove_tree(int directory, const char *name);

void hex_text(const uint8_t *bytes, size_t size, char *text);
void random_bytes(void *bytes, size_t size);
