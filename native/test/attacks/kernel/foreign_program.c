/*
 * Promise: a program for another table of system calls ends at its first call.
 * Attack: executes a 32-bit program, of which the kernel makes a 32-bit process.
 * It would show as the code with which that program exits.
 */
#ifdef __x86_64__
#define _GNU_SOURCE
#include "attack.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS 0x10000000
#define CODE 42

struct program {
  Elf32_Ehdr head;
  Elf32_Phdr part;
  unsigned char code[12];
};

static pid_t start_program(void) {
  static const struct program program = {
      .head = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
               .e_type = ET_EXEC,
               .e_machine = EM_386,
               .e_version = EV_CURRENT,
               .e_entry = ADDRESS + offsetof(struct program, code),
               .e_phoff = offsetof(struct program, part),
               .e_ehsize = sizeof(Elf32_Ehdr),
               .e_phentsize = sizeof(Elf32_Phdr),
               .e_phnum = 1},
      .part = {.p_type = PT_LOAD,
               .p_flags = PF_R | PF_X,
               .p_vaddr = ADDRESS,
               .p_filesz = sizeof(struct program),
               .p_memsz = sizeof(struct program),
               .p_align = 4096},
      .code = {0xb8, 1, 0, 0, 0 /* mov eax, 1: exit */, 0xbb, CODE, 0, 0, 0 /* mov ebx, 42 */, 0xcd,
               0x80 /* int 0x80 */},
  };
  int fd = open("program", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  if (write(fd, &program, sizeof program) != sizeof program || close(fd)) return -1;
  pid_t pid = fork();
  if (pid == 0) {
    execl("/w/program", "program", (char *)NULL);
    _exit(99);
  }
  return pid;
}

static int run(void) {
  int status;
  pid_t pid = start_program();
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return could_not("no program");
  if (WIFEXITED(status))
    return WEXITSTATUS(status) == 99 ? held("it does not start") : broken("it exits with %d", WEXITSTATUS(status));
  return WTERMSIG(status) == SIGSYS ? held("ended by the filter") : broken("ended by signal %d", WTERMSIG(status));
}

/* A kernel without such programs starts none, but only a filter ends one. */
static int control(void) {
  int status;
  pid_t pid = start_program();
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return could_not("no program");
  if (WIFSIGNALED(status)) return held("ended by signal %d", WTERMSIG(status));
  return broken("%s", WEXITSTATUS(status) == CODE ? "it runs" : "this kernel has no such programs");
}

ATTACK(foreign_program, "kernel", "a program for another table of system calls ends at its first call", .run = run,
       .control = control);
#endif
