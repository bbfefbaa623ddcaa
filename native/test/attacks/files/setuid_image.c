/* A distribution's image has programs that make root of who executes them. Here one of them is the attack
   itself: started by it, it must still be the slot's user. */
#define _GNU_SOURCE
#include "suite/own_image.h"

#include <sys/mount.h>

static int run(void) {
  if (argument(0)) return geteuid() == 0 || getegid() == 0 ? broken("it is root") : held("it is user %u", geteuid());
  execl("/bin/other", "attacks", "setuid_image", "run", "again", (char *)NULL);
  return could_not("/bin/other does not start");
}

/* As an ordinary user in a directory where root has put such a program. */
static int control(void) {
  if (mount(NULL, "/w", NULL, MS_REMOUNT | MS_BIND, NULL)) return could_not("/w can't be made careless");
  if (!copy_program_to("/proc/self/exe", "other") || chmod("other", 06755)) return could_not("no program of root's");
  if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)) return could_not("no other user");
  execl("/w/other", "attacks", "setuid_image", "run", "again", (char *)NULL);
  return could_not("the program does not start");
}

static void before(struct scene *scene) {
  char other[300];
  if (scene->outside) return;
  if (!make_own_image(scene, other) || chmod(other, 06755)) scene_could_not(scene, "no image with such a program");
}

ATTACK(setuid_image, "files", "setuid programs of an image give no rights", .run = run, .control = control, .before = before,
       .after = remove_own_image, .outside.root = true);
