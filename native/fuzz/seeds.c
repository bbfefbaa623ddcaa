/* Writes the inputs that fuzzing starts from: runs as a client encodes them, and streams of frames. */
#define _GNU_SOURCE
#include "client.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char image[65];

static void write_seed(const char *kind, const char *name, const struct writer *seed) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", kind, name);
  AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, seed->data, seed->size) != (ssize_t)seed->size) fail(1, "%s can't be written", path);
}

static struct spec spec_with(const char *argument) {
  const char *argv[] = {"/bin/true", argument, NULL};
  struct spec spec = spec_of(image, argv);
  spec.id = 0x01020304;
  return spec;
}

static void write_run(const char *name, const struct spec *spec) {
  struct writer payload = {0};
  encode_run(spec, &payload);
  write_seed("run", name, &payload);
  free(payload.data);
}

/* Every kind of descriptor. */
static void write_descriptors(void) {
  struct spec spec = spec_with(NULL);
  const struct fd_spec kinds[] = {{.kind = FD_NULL},
                                  {.kind = FD_CONTENT, .bytes = "content", .size = 7},
                                  {.kind = FD_CAPTURE, .cap = 100, .stop = true},
                                  {.kind = FD_INPUT},
                                  {.kind = FD_OUTPUT, .cap = 1000},
                                  {.kind = FD_TERMINAL, .cap = 1000, .rows = 24, .columns = 80},
                                  {.kind = FD_SAME, .same = 4},
                                  {.kind = FD_READ, .bytes = "the name of pipe", .size = ID_SIZE},
                                  {.kind = FD_WRITE, .bytes = "the name of pipe", .size = ID_SIZE, .cap = 10}};
  for (unsigned i = 0; i < COUNT_OF(kinds); i++) spec.fds[spec.fd_count++] = kinds[i];
  write_run("pipes-not-held", &spec);
  spec.hold = true;
  write_run("descriptors", &spec);
  spec.cpus = "\3";
  spec.cpus_size = 1;
  spec.truncate = true;
  spec.limits.idle = 10 * MS;
  spec.limits.address_space = spec.limits.data = MIB;
  write_run("limits", &spec);
}

static void write_runs(void) {
  struct spec plain = spec_with(NULL), spec = plain;
  write_run("plain", &plain);
  spec.env[1] = "LANG=C.UTF-8";
  spec.input = "input\n";
  spec.input_size = 6;
  spec.stop_on_output = true;
  spec.limits.cpu_rate = 500;
  write_run("input", &spec);
  spec = plain;
  spec.files[0] = (struct input_file){"main.c", 0644, "int main(void) {}", 17};
  spec.files[1] = (struct input_file){"deep/er/file", 0755, "x", 1};
  spec.files[2] = (struct input_file){"main.c", 0600, "", 0};
  spec.collect[0] = "main.c";
  spec.collect[1] = "deep/er/file";
  spec.collect[2] = "missing";
  spec.keep = true;
  write_run("files", &spec);
  spec.files[1] = (struct input_file){"main.c/below", 0644, "x", 1};
  write_run("file-as-directory", &spec);
  spec.files[0] = (struct input_file){"link", MODE_LINK, "../outside", 10};
  spec.files[1] = (struct input_file){"link/kept", 0644, "x", 1};
  spec.collect[0] = "link";
  spec.collect[1] = "link/kept";
  write_run("through-a-link", &spec);
  spec.files[1] = (struct input_file){"link", 0644, "x", 1};
  write_run("over-a-link", &spec);
  spec.files[1] = (struct input_file){"../outside/kept", 0644, "x", 1};
  write_run("path-up", &spec);
  spec.files[1] = (struct input_file){"/outside", 0644, "x", 1};
  write_run("path-absolute", &spec);
  spec = plain;
  memset(spec.base, 7, sizeof spec.base);
  write_run("base", &spec);
  spec = plain;
  spec.limits.memory = 1;
  write_run("out-of-range", &spec);
  spec = plain;
  spec.image = "../../etc";
  write_run("image", &spec);
}

static void put_frame(struct writer *stream, enum frame_type type, const struct writer *payload) {
  put_uint(stream, 4, payload->size + 1);
  put_uint(stream, 1, type);
  put_data(stream, payload->data, payload->size);
}

static void put_number_frame(struct writer *stream, enum frame_type type, unsigned bytes, uint64_t number) {
  struct writer payload = {0};
  put_uint(&payload, bytes, number);
  put_frame(stream, type, &payload);
  free(payload.data);
}

/* What inbox.c takes off an input first: how much follows it, and the sizes of its pieces: bytes, much, or mixed. */
static const uint8_t pieces[][9] = {{0},
                                    {0, 255, 255, 255, 255, 255, 255, 255, 255},
                                    {0, 0, 1, 0, 40, 3, 0, 200, 7},
                                    {255, 255, 0, 255, 255, 255, 255, 255, 255}};

static void write_stream(const char *name, unsigned pattern, const struct writer *frames) {
  struct writer stream = {0};
  put_data(&stream, pieces[pattern], sizeof pieces[pattern]);
  put_data(&stream, frames->data, frames->size);
  write_seed("inbox", name, &stream);
  free(stream.data);
}

static void write_streams(void) {
  struct spec spec = spec_with("argument");
  struct writer run = {0}, talk = {0}, bad = {0}, large = {0}, long_frame = {0};
  encode_run(&spec, &run);
  put_number_frame(&talk, FRAME_HELLO, 2, WIRE_VERSION);
  put_frame(&talk, FRAME_RUN, &run);
  put_number_frame(&talk, FRAME_CANCEL, 4, spec.id);
  write_stream("talk-by-bytes", 0, &talk);
  write_stream("talk-at-once", 1, &talk);
  write_stream("talk-mixed", 2, &talk);
  put_data(&bad, talk.data, talk.size);
  put_uint(&bad, 4, 0);
  write_stream("empty-frame", 2, &bad);
  put_data(&large, talk.data, talk.size);
  put_uint(&large, 4, FRAME_MAX + 1);
  write_stream("too-large", 2, &large);
  talk.size -= 3;
  write_stream("cut", 2, &talk);
  put_number_frame(&talk, FRAME_HELLO, 8, 0);
  write_stream("shifted", 1, &talk);
  put_uint(&long_frame, 4, 700000);
  put_uint(&long_frame, 1, FRAME_RUN);
  write_stream("long", 3, &long_frame);
  long_frame.data[3] = 7; /* of which the rest does not come */
  write_stream("false-length", 3, &long_frame);
  struct writer *all[] = {&run, &talk, &bad, &large, &long_frame};
  for (unsigned i = 0; i < COUNT_OF(all); i++) free(all[i]->data);
}

int main(int argc, char **argv) {
  if (argc != 2) fail(2, "usage: seeds DIRECTORY");
  mkdir(argv[1], 0755);
  if (chdir(argv[1])) fail(2, "%s is not a directory", argv[1]);
  mkdir("run", 0755);
  mkdir("inbox", 0755);
  memset(image, 'a', 64);
  write_runs();
  write_descriptors();
  write_streams();
  return 0;
}
