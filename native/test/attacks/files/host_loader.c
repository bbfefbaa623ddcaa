/*
 * Promise: an executable can't load sandboxd in its box.
 * Attack: an executable names its loader, which the kernel opens in the process that executes it: there
 * /proc/self/exe is still the program that made the box, and the attack would have that in its memory.
 * It would show as a program that starts, however it ends.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOADER "/proc/self/exe"
#define ADDRESS 0x10000000

struct executable {
  Elf64_Ehdr head;
  Elf64_Phdr parts[2];
  char loader[sizeof LOADER];
};

/* Nothing but the request for this loader. */
static struct executable make_executable(void) {
  struct executable it = {.head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                                   .e_type = ET_EXEC,
#ifdef __x86_64__
                                   .e_machine = EM_X86_64,
#else
                                   .e_machine = EM_AARCH64,
#endif
                                   .e_version = EV_CURRENT,
                                   .e_entry = ADDRESS,
                                   .e_phoff = offsetof(struct executable, parts),
                                   .e_ehsize = sizeof(Elf64_Ehdr),
                                   .e_phentsize = sizeof(Elf64_Phdr),
                                   .e_phnum = 2},
                          .parts = {{.p_type = PT_INTERP,
                                     .p_offset = offsetof(struct executable, loader),
                                     .p_filesz = sizeof LOADER,
                                     .p_memsz = sizeof LOADER,
                                     .p_align = 1},
                                    {.p_type = PT_LOAD,
                                     .p_flags = PF_R | PF_X,
                                     .p_vaddr = ADDRESS,
                                     .p_filesz = sizeof(struct executable),
                                     .p_memsz = sizeof(struct executable),
                                     .p_align = 4096}},
                          .loader = LOADER};
  return it;
}

static int run(void) {
  return could_not("the executable was not started");
}

/* exec answers that there is no such loader, or the process is another program from then on. */
static int control(void) {
  struct executable it = make_executable();
  int status, fd = open("program", O_WRONLY | O_CREAT, 0755);
  if (write(fd, &it, sizeof it) != sizeof it || close(fd)) return could_not("no program");
  pid_t pid = fork();
  if (pid == 0) {
    execl("/w/program", "program", (char *)NULL);
    _exit(99);
  }
  if (waitpid(pid, &status, 0) != pid) return could_not("no child");
  return WIFEXITED(status) && WEXITSTATUS(status) == 99 ? held("it does not start")
                                                        : broken("the program that started it is its loader");
}

static void before(struct scene *scene) {
  if (scene->outside) return;
  struct executable *it = malloc(sizeof *it);
  *it = make_executable();
  scene->own = it;
  scene->spec.argv[0] = "/w/program";
  scene->spec.files[0] = (struct input_file){"program", 0755, it, sizeof *it};
}

static void after(struct scene *scene) {
  free(scene->own);
}

ATTACK(host_loader, "files", "an executable can't load sandboxd in its box", .run = run, .control = control,
       .before = before, .after = after, .ends = STATUS(START_FAILED));
