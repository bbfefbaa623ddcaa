#define _GNU_SOURCE
#include "suite.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Above every uid that sandboxd gives to slots. */
#define OUTSIDE_UID 1895825408u
/* In the environment of what runs in a slot. */
#define SLOT_MARK "ATTACK_SLOT="

const struct attack *attack_of(const char *name) {
  for (const struct attack *const *at = __start_attacks; at < __stop_attacks; at++)
    if (!strcmp((*at)->name, name)) return *at;
  return NULL;
}

const char *status_name(enum status status) {
  switch (status) {
    case STATUS_EXITED: return "exited";
    case STATUS_SIGNALLED: return "signalled";
    case STATUS_CPU_LIMIT: return "cpu_limit";
    case STATUS_WALL_LIMIT: return "wall_limit";
    case STATUS_MEMORY_LIMIT: return "memory_limit";
    case STATUS_OUTPUT_LIMIT: return "output_limit";
    case STATUS_REFUSED_SYSCALL: return "refused_syscall";
    case STATUS_START_FAILED: return "start_failed";
    case STATUS_CANCELLED: return "cancelled";
    case STATUS_PLATFORM: return "platform";
    default: return "another status";
  }
}

static void decide(struct scene *scene, enum answer answer, const char *format, va_list values) {
  scene->answer = answer;
  vsnprintf(scene->why, sizeof scene->why, format, values);
}

void scene_broken(struct scene *scene, const char *format, ...) {
  va_list values;
  va_start(values, format);
  decide(scene, BROKEN, format, values);
  va_end(values);
}

void scene_could_not(struct scene *scene, const char *format, ...) {
  va_list values;
  va_start(values, format);
  decide(scene, COULD_NOT, format, values);
  va_end(values);
}

static void add_argument(struct spec *spec, const char *text) {
  for (unsigned i = 0; i < COUNT_OF(spec->argv) - 1; i++) {
    if (spec->argv[i]) continue;
    spec->argv[i] = text;
    return;
  }
  fail(1, "an attack has too many arguments");
}

void scene_argument(struct scene *scene, const char *format, ...) {
  char *text;
  va_list values;
  va_start(values, format);
  if (vasprintf(&text, format, values) < 0) fail(1, "out of memory");
  va_end(values);
  add_argument(&scene->earlier_spec, text);
  add_argument(&scene->spec, text);
  add_argument(&scene->victim_spec, text);
}

/* Boxes of a slot take 64 uids in turn. Without root all slots have one user, who is also that of sandboxd;
   there the environment tells. */
static bool belongs(const struct scene *scene, bool victim, const char *pid) {
  char path[300], text[4096], mark[32];
  uid_t uid = victim ? scene->victim_uid : scene->uid, block = scene->outside ? 1 : 64;
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  if (read_text(AT_FDCWD, path, text, sizeof text)) return false;
  char *its = strstr(text, "\nUid:"), *state = strstr(text, "\nState:");
  if (!its || !state || strchr("ZX", state[8]) || (uid_t)strtoul(its + 5, NULL, 10) / block != uid / block) return false;
  if (!world.user || scene->outside) return true;
  snprintf(path, sizeof path, "/proc/%s/environ", pid);
  snprintf(mark, sizeof mark, SLOT_MARK "%u", victim ? scene->victim_slot : scene->slot);
  AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text);
  return size > 0 && memmem(text, (size_t)size, mark, strlen(mark) + 1);
}

static bool has_name(const char *pid, const char *name) {
  char path[300], its[32];
  snprintf(path, sizeof path, "/proc/%s/comm", pid);
  return !read_text(AT_FDCWD, path, its, sizeof its) && !strcmp(its, name);
}

static unsigned count_processes(const struct scene *scene, bool victim, const char *name) {
  DIR *all = opendir("/proc");
  unsigned count = 0;
  for (struct dirent *entry; (entry = readdir(all));)
    count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && (!name || has_name(entry->d_name, name)) &&
             belongs(scene, victim, entry->d_name);
  closedir(all);
  return count;
}

unsigned scene_processes(const struct scene *scene) {
  return count_processes(scene, false, NULL);
}

bool scene_victim_is_ready(const struct scene *scene) {
  return count_processes(scene, true, "ready") > 0;
}

uint64_t slowness(void) {
  const char *factor = getenv("ASSAY_SLOW");
  return factor && atoi(factor) > 1 ? (uint64_t)atoi(factor) : 1;
}

static struct spec spec_of_part(const struct attack *attack, const char *part) {
  const char *argv[] = {"/bin/attacks", attack->name, part, NULL};
  struct spec spec = spec_of(world.image, argv), own = {.limits = attack->limits};
#define DEFAULT(field, value) \
  if (!own.limits.field) own.limits.field = value
  DEFAULT(cpu, 3000 * MS * slowness());
  DEFAULT(wall, 6000 * MS * slowness());
  DEFAULT(memory, 64 * MIB);
  DEFAULT(processes, 16);
  DEFAULT(disk, 8 * MIB);
  DEFAULT(inodes, 256);
  DEFAULT(stack, 8 * MIB);
  DEFAULT(file, 8 * MIB);
  DEFAULT(open_files, 64);
#undef DEFAULT
  if (attack->stdout_cap) spec.stdout_cap = attack->stdout_cap;
  if (attack->stderr_cap) spec.stderr_cap = attack->stderr_cap;
  spec.limits = own.limits;
  spec.stop_on_output = attack->stop_on_output;
  return spec;
}

static void mark_slots(struct scene *scene) {
  static char own[32], victim[32];
  snprintf(own, sizeof own, SLOT_MARK "%u", scene->slot);
  snprintf(victim, sizeof victim, SLOT_MARK "%u", scene->victim_slot);
  scene->earlier_spec.env[1] = scene->spec.env[1] = own;
  scene->victim_spec.env[1] = victim;
}

void scene_open(struct scene *scene, const struct attack *attack, bool outside, unsigned worker) {
  *scene = (struct scene){.attack = attack, .outside = outside, .slot = worker, .victim_slot = world.slots / 2 + worker};
  snprintf(scene->directory, sizeof scene->directory, "%s/scene-%u", world.directory, worker);
  if (mkdir(scene->directory, 0755)) fail(1, "%s can't be made", scene->directory);
  scene->earlier_spec = spec_of_part(attack, "earlier");
  scene->spec = spec_of_part(attack, outside && attack->control ? "control" : "run");
  scene->victim_spec = spec_of_part(attack, "victim");
  if (outside) {
    scene->earlier_spec.env[1] = scene->spec.env[1] = scene->victim_spec.env[1] = "OUTSIDE=1";
    scene->uid = scene->victim_uid = attack->outside.root ? 0 : OUTSIDE_UID + (uid_t)getpid();
  } else {
    mark_slots(scene);
    int client = slot_connect(scene->slot, &scene->uid), victim = slot_connect(scene->victim_slot, &scene->victim_uid);
    if (client < 0 || victim < 0) scene_could_not(scene, "slot %u or %u does not greet", scene->slot, scene->victim_slot);
    close_fd(&client);
    close_fd(&victim);
  }
  if (attack->before) attack->before(scene);
}

void scene_close(struct scene *scene) {
  if (scene->attack->after) scene->attack->after(scene);
  for (unsigned i = 3; i < COUNT_OF(scene->spec.argv); i++) free((char *)scene->spec.argv[i]);
  outcome_free(&scene->outcome);
  outcome_free(&scene->victim);
  if (!remove_tree(AT_FDCWD, scene->directory)) fail(1, "%s can't be removed", scene->directory);
}

bool scene_is_open(const struct scene *scene) {
  return scene->answer == HELD;
}

/* The last line of what the attack printed. */
static void last_line(const struct outcome *outcome, char *line, size_t size) {
  const char *text = outcome->out ? outcome->out : "";
  size_t length = strnlen(text, outcome->out_size);
  while (length > 0 && text[length - 1] == '\n') length--;
  const char *start = memrchr(text, '\n', length);
  start = start ? start + 1 : text;
  snprintf(line, size, "%.*s", (int)(length - (size_t)(start - text)), start);
}

void scene_judge(struct scene *scene, const struct outcome *outcome, bool of_victim) {
  char line[200];
  last_line(outcome, line, sizeof line);
  const char *who = of_victim ? "the victim " : "";
  if (outcome->type != FRAME_OUTCOME) {
    scene_could_not(scene, "%sgot no outcome but error %u: %s", who, outcome->code, outcome->message);
    return;
  }
  enum status status = (enum status)outcome->status;
  unsigned ends = of_victim ? STATUS(CANCELLED) : scene->attack->ends;
  if (status == STATUS_EXITED && (of_victim || !ends || ends & STATUS(EXITED) || outcome->exit_code == BROKEN)) {
    if (outcome->exit_code == BROKEN) scene_broken(scene, "%s%s", who, line);
    else if (outcome->exit_code != HELD) scene_could_not(scene, "%sexit code %d: %s", who, outcome->exit_code, line);
    else if (!of_victim) snprintf(scene->why, sizeof scene->why, "%s", line);
    return;
  }
  if (ends & 1u << status) return;
  if (scene->outside && !of_victim) {
    scene_could_not(scene, "ended with %s, signal %d: %s", status_name(status), outcome->signal, line);
    return;
  }
  scene_broken(scene, "%sended with %s, signal %d: %s %s", who, status_name(status), outcome->signal, outcome->message, line);
}
