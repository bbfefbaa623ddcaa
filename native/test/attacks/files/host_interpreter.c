/*
 * Promise: a script can't run sandboxd in its box.
 * Attack: a script names its interpreter, which the kernel opens in the process that executes the
 * script: there /proc/self/exe is still the program that made the box, and lies on the host.
 * It would show as sandboxd's own complaint about its options, in the box's streams.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char script[] = "#!/proc/self/exe\n";

static int run(void) {
  return could_not("the script was not executed");
}

/* This program executes the script, and is what runs then: without a part to run it is at a loss. */
static int control(void) {
  int status, fd = open("script", O_WRONLY | O_CREAT, 0755);
  if (write(fd, script, sizeof script - 1) != sizeof script - 1 || close(fd)) return could_not("no script");
  pid_t pid = fork();
  if (pid == 0) {
    execl("/w/script", "script", (char *)NULL);
    _exit(99);
  }
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return could_not("no child");
  return WEXITSTATUS(status) == 99 ? held("it does not start")
                                   : broken("the program that started the script runs as its interpreter");
}

static void before(struct scene *scene) {
  if (scene->outside) return;
  scene->spec.argv[0] = "/w/program";
  scene->spec.files[0] = (struct input_file){"program", 0755, script, sizeof script - 1};
}

ATTACK(host_interpreter, "files", "a script can't run sandboxd in its box", .run = run, .control = control,
       .before = before, .ends = STATUS(START_FAILED));
