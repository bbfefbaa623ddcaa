/* Files into a box and out of it, artifacts between boxes. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

enum { OK = COLLECT_OK, MISSING = COLLECT_MISSING, NOT_REGULAR = COLLECT_NOT_REGULAR, TOO_LARGE_FILE = COLLECT_TOO_LARGE };

static void test_files_in(void) {
  struct spec spec = inside_spec("cat", "a/b/c.txt", NULL);
  spec.files[0] = (struct input_file){"a/b/c.txt", 0600, "hello", 5};
  spec.files[1] = (struct input_file){"a/empty", 0644, "", 0};
  spec.collect[0] = "a/b/c.txt";
  spec.collect[1] = "a/empty";
  spec.collect[2] = "a/missing";
  spec.collect[3] = "a";
  spec.collect[4] = "a/b/c.txt/d";
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0 && !strcmp(outcome.out, "hello"), "%s", outcome.message);
  CHECK(outcome.collected_count == 5);
  CHECK(outcome.collected[0].state == OK && outcome.collected[0].size == 5);
  CHECK(!memcmp(outcome.collected[0].data, "hello", 5));
  CHECK(outcome.collected[1].state == OK && outcome.collected[1].size == 0);
  CHECK(outcome.collected[2].state == MISSING && outcome.collected[3].state == NOT_REGULAR);
  CHECK(outcome.collected[4].state == MISSING);
  outcome_free(&outcome);
}

static void test_run_own_program(void) {
  char *program = NULL;
  FILE *file = fopen(world.inside, "re");
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  program = malloc((size_t)size);
  CHECK(fread(program, 1, (size_t)size, file) == (size_t)size);
  fclose(file);
  struct spec spec = inside_spec("exit", "6", NULL);
  spec.argv[0] = "/w/program";
  spec.files[0] = (struct input_file){"program", 0755, program, (size_t)size};
  struct outcome outcome = run_spec(&spec);
  free(program);
  CHECK(outcome.status == 0 && outcome.exit_code == 6, "%s", outcome.message);
  outcome_free(&outcome);
}

static void test_tricks(void) {
  static const char *names[] = {"good", "absolute", "relative", "root/etc/passwd", "beside", "here/good", "fifo", "socket"};
  struct spec spec = inside_spec("tricks", NULL);
  for (unsigned i = 0; i < COUNT_OF(names); i++) spec.collect[i] = names[i];
  spec.keep = true;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0 && outcome.exit_code == 0, "%u %d", outcome.status, outcome.exit_code);
  CHECK(outcome.collected[0].state == OK && outcome.collected[0].size == 4);
  for (unsigned i = 1; i < COUNT_OF(names); i++) {
    bool special = i >= 6;
    CHECK(outcome.collected[i].state == (special ? NOT_REGULAR : COLLECT_LINK) && outcome.collected[i].size == 0, "%s: %u",
          names[i], outcome.collected[i].state);
  }
  CHECK(outcome.artifact_skipped == 7, "links, fifo, socket: %u", outcome.artifact_skipped);
  CHECK(outcome.artifact_entries == 4, "good, hard, directory, secret: %u", outcome.artifact_entries);
  outcome_free(&outcome);
}

static void test_deep_tree(void) {
  struct spec spec = inside_spec("deep", NULL);
  spec.keep = true;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0 && outcome.exit_code == 0);
  CHECK(outcome.artifact_entries > 0 && outcome.artifact_skipped == 1, "%u", outcome.artifact_skipped);
  outcome_free(&outcome);
}

static void test_caps(void) {
  struct spec spec = inside_spec("sparse", "4000000", NULL);
  spec.files[0] = (struct input_file){"small", 0644, "abc", 3};
  spec.collect[0] = "sparse";
  spec.collect[1] = "small";
  spec.keep = true;
  spec.collect_cap = spec.keep_cap = 1000000;
  struct outcome outcome = run_spec(&spec);
  static const uint8_t none[ID_SIZE];
  CHECK(outcome.collected[0].state == TOO_LARGE_FILE && outcome.collected[0].size == 0);
  CHECK(outcome.collected[1].state == OK && outcome.collected[1].size == 3);
  CHECK(!memcmp(outcome.artifact, none, sizeof none) && outcome.artifact_entries == 0);
  CHECK(outcome.artifact_bytes > 1000000);
  outcome_free(&outcome);
}

static void test_truncated(void) {
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.files[0] = (struct input_file){"first", 0644, "abcdefghij", 10};
  spec.files[1] = (struct input_file){"second", 0644, "klmnopqrst", 10};
  spec.files[2] = (struct input_file){"third", 0644, "uvw", 3};
  spec.collect[0] = "first", spec.collect[1] = "second", spec.collect[2] = "third";
  spec.collect_each = 6;
  spec.collect_cap = 8;
  /* Without and with their beginnings; what is not returned takes nothing from the cap of all. */
  const struct {
    unsigned state, size;
  } wanted[2][3] = {{{TOO_LARGE_FILE, 0}, {TOO_LARGE_FILE, 0}, {OK, 3}}, {{TOO_LARGE_FILE, 6}, {TOO_LARGE_FILE, 2}, {TOO_LARGE_FILE, 0}}};
  for (unsigned truncate = 0; truncate < 2; truncate++) {
    spec.truncate = truncate;
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.collected_count == 3);
    for (unsigned i = 0; i < 3; i++) {
      CHECK(outcome.collected[i].state == wanted[truncate][i].state && outcome.collected[i].size == wanted[truncate][i].size, "%u: %u, %zu",
            i, outcome.collected[i].state, outcome.collected[i].size);
      CHECK(!memcmp(outcome.collected[i].data, spec.files[i].data, outcome.collected[i].size));
    }
    outcome_free(&outcome);
  }
}

static void test_links_in(void) {
  struct spec spec = inside_spec("cat", "a/link", NULL);
  spec.files[0] = (struct input_file){"file", 0644, "content", 7};
  spec.files[1] = (struct input_file){"a/link", MODE_LINK, "../file", 7};
  spec.files[2] = (struct input_file){"out", MODE_LINK, "/etc/passwd", 11};
  spec.collect[0] = "a/link", spec.collect[1] = "out", spec.collect[2] = "file";
  spec.keep = true;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.status == 0 && !strcmp(outcome.out, "content"), "%s", outcome.message);
  CHECK(outcome.collected[0].state == COLLECT_LINK && outcome.collected[1].state == COLLECT_LINK && outcome.collected[2].state == OK);
  CHECK(outcome.artifact_entries == 2 && outcome.artifact_skipped == 2, "%u %u", outcome.artifact_entries, outcome.artifact_skipped);
  outcome_free(&outcome);
}

/* To a directory of the host that sandboxd could write to. */
static void test_links_not_followed(void) {
  const char *targets[] = {world.directory, "../../../../../../tmp", "/", ".", "/proc/self/cwd"};
  char path[128];
  for (unsigned i = 0; i < COUNT_OF(targets); i++) {
    struct spec spec = inside_spec("exit", "0", NULL);
    spec.files[0] = (struct input_file){"link", MODE_LINK, targets[i], strlen(targets[i])};
    spec.files[1] = (struct input_file){"link/escaped", 0644, "x", 1};
    struct outcome outcome = run_spec(&spec);
    CHECK(outcome.type == FRAME_ERROR && outcome.code == ERROR_BAD_PATH, "%s: %u %s", targets[i], outcome.code, outcome.message);
    outcome_free(&outcome);
    /* As the name of a file a link is replaced. */
    spec.files[1].path = "link";
    spec.collect[0] = "link";
    outcome = run_spec(&spec);
    CHECK(outcome.status == 0 && outcome.collected[0].state == OK && outcome.collected[0].size == 1, "%s: %s", targets[i], outcome.message);
    outcome_free(&outcome);
  }
  snprintf(path, sizeof path, "%s/escaped", world.directory);
  CHECK(access(path, F_OK) && access("/tmp/escaped", F_OK) && access("/escaped", F_OK));
}

static void test_large_collected(void) {
  struct spec spec = inside_spec("sparse", "6000000", NULL);
  spec.collect[0] = "sparse";
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.collected[0].state == OK && outcome.collected[0].size == 6000000);
  for (size_t i = 0; i < 6000000; i++) CHECK(outcome.collected[0].data[i] == 0);
  outcome_free(&outcome);
}

static void test_artifact_between_slots(void) {
  AUTO_CLOSE int first = slot_connect(0, NULL), second = slot_connect(1, NULL);
  struct spec making = inside_spec("write", "made", "content", NULL);
  making.files[0] = (struct input_file){"sub/given", 0644, "given", 5};
  making.keep = true;
  struct outcome made = client_run(first, &making);
  CHECK(made.status == 0 && made.artifact_entries == 3 && made.artifact_bytes == 12, "%u %llu", made.artifact_entries,
        (unsigned long long)made.artifact_bytes);
  struct spec using = inside_spec("cat", "made", NULL);
  memcpy(using.base, made.artifact, ID_SIZE);
  using.files[0] = (struct input_file){"sub/given", 0644, "other", 5};
  using.collect[0] = "sub/given";
  for (unsigned i = 0; i < 2; i++) {
    struct outcome used = client_run(i ? first : second, &using);
    CHECK(used.status == 0 && !strcmp(used.out, "content"), "%s", used.message);
    CHECK(used.collected[0].size == 5 && !memcmp(used.collected[0].data, "other", 5), "files go over the base");
    outcome_free(&used);
  }
  /* The copy belongs to the other slot's uid, and changing it does not change the artifact. */
  struct spec changing = inside_spec("write", "made", "changed", NULL);
  memcpy(changing.base, made.artifact, ID_SIZE);
  struct outcome changed = client_run(second, &changing), used = {0};
  CHECK(changed.status == 0 && changed.exit_code == 0, "%s", changed.out);
  used = client_run(second, &using);
  CHECK(!strcmp(used.out, "content"));
  CHECK(client_forget(second, made.artifact) == 1 && client_forget(first, made.artifact) == 0);
  struct outcome gone = client_run(first, &using);
  CHECK(gone.type == FRAME_ERROR && gone.code == 4, "%u", gone.code);
  outcome_free(&made);
  outcome_free(&changed);
  outcome_free(&used);
  outcome_free(&gone);
}

static void test_keep_only_success(void) {
  static const uint8_t none[ID_SIZE];
  struct spec spec = inside_spec("exit", "1", NULL);
  spec.files[0] = (struct input_file){"file", 0644, "x", 1};
  spec.keep = true;
  struct outcome outcome = run_spec(&spec);
  CHECK(outcome.exit_code == 1 && !memcmp(outcome.artifact, none, sizeof none) && outcome.artifact_bytes == 0);
  outcome_free(&outcome);
}

static void test_forget_all(void) {
  static const uint8_t all[ID_SIZE];
  AUTO_CLOSE int client = slot_connect(0, NULL);
  CHECK(client_forget(client, all) >= 0);
  struct spec spec = inside_spec("exit", "0", NULL);
  spec.files[0] = (struct input_file){"file", 0644, "x", 1};
  spec.keep = true;
  for (unsigned i = 0; i < 3; i++) {
    struct outcome outcome = client_run(client, &spec);
    CHECK(outcome.artifact_entries == 1);
    outcome_free(&outcome);
  }
  CHECK(client_forget(client, all) == 3 && client_forget(client, all) == 0);
}

const struct test files_tests[] = {{"files in and out", test_files_in},
                                   {"a program of the work directory", test_run_own_program},
                                   {"links, pipes and sockets are not followed", test_tricks},
                                   {"a deep tree", test_deep_tree},
                                   {"caps of collected files and artifacts", test_caps},
                                   {"collected files beyond a cap and their beginnings", test_truncated},
                                   {"links among the files", test_links_in},
                                   {"links lead no file out", test_links_not_followed},
                                   {"a large collected file", test_large_collected},
                                   {"artifacts between slots", test_artifact_between_slots},
                                   {"only success is kept", test_keep_only_success},
                                   {"forget all", test_forget_all},
                                   {0}};
