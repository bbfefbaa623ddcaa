/*
 * Promise: no call with wrong arguments hurts anyone but the caller.
 * Attack: every number from 0 to 600 with arguments that are all wrong, each in a process of its own:
 * what the kernel or the supervisor makes of them must hurt nobody but that process. Outside such a
 * sweep would hurt, so there the counting is shown with the numbers that a box must not have.
 * It would show as a dangerous call that works, or as a box that ends otherwise.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* One try; true when it did something other than to fail. */
static bool works(int number, bool dangerous, long argument) {
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    /* Some wait for ever; those that are counted never do. */
    const struct itimerval soon = {.it_value = {.tv_usec = 3000}};
    if (!dangerous) setitimer(ITIMER_REAL, &soon, NULL);
    long answer = syscall(number, argument, argument, argument, argument, argument, argument);
    _exit(answer < 0 && (errno == EPERM || errno == ENOSYS) ? 1 : 0);
  }
  return pid < 0 || waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static bool is_dangerous(int number) {
  static const int list[] = {
      SYS_mount,   SYS_umount2,     SYS_pivot_root,     SYS_chroot,  SYS_fsopen,     SYS_open_tree,
      SYS_unshare, SYS_setns,       SYS_ptrace,         SYS_keyctl,  SYS_bpf,        SYS_perf_event_open,
      SYS_reboot,  SYS_swapon,      SYS_io_uring_setup, SYS_syslog,  SYS_kexec_load, SYS_init_module,
      SYS_acct,    SYS_userfaultfd, SYS_fanotify_init,  SYS_add_key, SYS_seccomp,    SYS_pidfd_getfd};
  for (unsigned i = 0; i < COUNT_OF(list); i++)
    if (list[i] == number) return true;
  return false;
}

static int sweep(bool all) {
  /* -4096 is no pointer, no descriptor, and as signal or process no one's. */
  static const long wrong[] = {0, -4096, 0x7fffffff};
  unsigned dangerous = 0;
  int first = 0;
  for (int number = 0; number <= 600; number++) {
    if (!all && !is_dangerous(number)) continue;
    for (unsigned i = 0; i < (all ? COUNT_OF(wrong) : 1); i++)
      if (works(number, is_dangerous(number), wrong[i]) && is_dangerous(number) && !dangerous++) first = number;
  }
  return dangerous ? broken("%u dangerous calls work, the first is %d", dangerous, first)
                   : held("600 calls, three times each");
}

static int run(void) {
  return sweep(true);
}

static int control(void) {
  return sweep(false);
}

ATTACK(call_sweep, "kernel", "no call with wrong arguments hurts anyone but the caller", .run = run, .control = control,
       .limits = {.wall = 120000 * MS, .cpu = 60000 * MS});
