/*
 * Promise: setuid programs of an image give no rights.
 * Attack: a distribution's image has programs that make root of who executes them. Here one of them is
 * the attack itself: started by it, it must still be the slot's user.
 * It would show as root's number.
 */
#define _GNU_SOURCE
#include "suite/own_image.h"

#include <sys/mount.h>

/* Starts it, and tells it who it was. */
static int start(const char *path) {
  char user[16];
  snprintf(user, sizeof user, "%u", getuid());
  execl(path, "attacks", "setuid_image", "run", user, (char *)NULL);
  return could_not("%s does not start", path);
}

static int run(void) {
  if (!argument(0)) return start("/bin/other");
  uid_t before = (uid_t)strtoul(argument(0), NULL, 10);
  if (geteuid() != before || getegid() != before) return broken("user %u has become %u", before, geteuid());
  return held("it is user %u", before);
}

/* As an ordinary user in a directory where root has put such a program. */
static int control(void) {
  if (mount(NULL, "/w", NULL, MS_REMOUNT | MS_BIND, NULL)) return could_not("/w can't be made careless");
  if (!copy_program_to("/proc/self/exe", "other") || chmod("other", 06755)) return could_not("no program of root's");
  if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)) return could_not("no other user");
  return start("/w/other");
}

static void before(struct scene *scene) {
  char other[300];
  if (scene->outside) return;
  if (!make_own_image(scene, other) || chmod(other, 06755)) scene_could_not(scene, "no image with such a program");
}

ATTACK(setuid_image, "files", "setuid programs of an image give no rights", .run = run, .control = control,
       .before = before, .after = remove_own_image, .outside.root = true);
