/*
 * Promise: capabilities of an image's files give no rights.
 * Attack: a file may carry capabilities for who executes it, as ping does. Here it is the one to become
 * any user.
 * It would show as a capability of the program.
 */
#define _GNU_SOURCE
#include "suite/own_image.h"

#include <sys/mount.h>
#include <sys/syscall.h>

static int look(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct have[2] = {0};
  syscall(SYS_capget, &header, have);
  return have[0].permitted || have[0].effective ? broken("it has capabilities %x", have[0].permitted)
                                                : held("it has none");
}

static int run(void) {
  if (argument(0)) return look();
  execl("/bin/other", "attacks", "capable_image", "run", "again", (char *)NULL);
  return could_not("/bin/other does not start");
}

static int control(void) {
  if (mount(NULL, "/w", NULL, MS_REMOUNT | MS_BIND, NULL)) return could_not("/w can't be made careless");
  if (!copy_program_to("/proc/self/exe", "other") || !empower("other")) return could_not("no such program");
  if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)) return could_not("no other user");
  execl("/w/other", "attacks", "capable_image", "run", "again", (char *)NULL);
  return could_not("the program does not start");
}

static void before(struct scene *scene) {
  char other[300];
  if (scene->outside) return;
  if (!make_own_image(scene, other) || !empower(other)) scene_could_not(scene, "no image with such a program");
}

ATTACK(capable_image, "files", "capabilities of an image's files give no rights", .run = run, .control = control,
       .before = before, .after = remove_own_image, .outside.root = true);
