/*
 * Promise: no descriptor of who starts a program leads out of the box.
 * Attack: descriptors that are closed by exec are still open while the kernel looks for a script's
 * interpreter: by /proc/self/fd a script can name all that the process has which executes it. Any
 * directory of the host among them leads to all of the host's programs.
 * It would show as a script that starts.
 */
#define _GNU_SOURCE
#include "suite/own_image.h"

#include <sys/wait.h>

#define DESCRIPTORS 32

static int run(void) {
  return could_not("the script was not executed");
}

static size_t make_script(char *script, size_t size, int fd, const char *program) {
  return (size_t)snprintf(script, size, "#!/proc/self/fd/%d/../../../../../../../..%s\n", fd, program);
}

/* A parent with one such directory. */
static int control(void) {
  char script[256];
  int status, directory = open("/w", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
              fd = open("script", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  size_t size = make_script(script, sizeof script, directory, "/attacks");
  if (write(fd, script, size) != (ssize_t)size || close(fd)) return could_not("no script");
  pid_t pid = fork();
  if (pid == 0) {
    execl("/w/script", "script", (char *)NULL);
    _exit(99);
  }
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return could_not("no child");
  return WEXITSTATUS(status) == 99 ? held("it does not start") : broken("a program above the directory was executed");
}

static bool starts(struct scene *scene, const char *script, size_t size, char *how, size_t how_size) {
  AUTO_CLOSE int client = slot_connect(scene->slot, NULL);
  struct spec spec = scene->spec;
  spec.argv[0] = "/w/program";
  spec.files[0] = (struct input_file){"program", 0755, script, size};
  struct outcome outcome = client_run(client, &spec);
  bool started = outcome.type != FRAME_OUTCOME || outcome.status != STATUS_START_FAILED;
  snprintf(how, how_size, "%u %u %.60s", outcome.type, outcome.status, outcome.err ? outcome.err : "");
  outcome_free(&outcome);
  return started;
}

/* In the box it is not the attack that tries, but the supervisor: once per descriptor. */
static void before(struct scene *scene) {
  char program[160], script[256], how[100];
  if (scene->outside) return;
  scene->spec.argv[0] = "/w/there is no such program";
  snprintf(program, sizeof program, "%s/program", scene->directory);
  if (!copy_program_to(world.inside, program)) scene_could_not(scene, "no program on the host");
  for (int fd = 0; fd < DESCRIPTORS; fd++) {
    size_t size = make_script(script, sizeof script, fd, program);
    if (starts(scene, script, size, how, sizeof how))
      scene_broken(scene, "descriptor %d leads to the host: %s", fd, how);
    size = (size_t)snprintf(script, sizeof script, "#!/proc/self/fd/%d\n", fd);
    if (starts(scene, script, size, how, sizeof how)) scene_broken(scene, "descriptor %d can be executed: %s", fd, how);
  }
}

ATTACK(descriptors_at_exec, "files", "no descriptor of who starts a program leads out of the box", .run = run,
       .control = control, .before = before, .ends = STATUS(START_FAILED));
