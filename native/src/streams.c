/*
 * The program's descriptors. What it writes to a pipe of ours is kept up to a cap and counted beyond it, or sent to
 * the client, who says how much it has used up: nothing here grows with what a program writes or a client sends.
 *
 * A pipe between two runs is made by main (pipes.c). Unless it is recorded, sandboxd never touches what goes through it.
 */
#include "sandboxd.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>

#define PIECE (64 * 1024)
/* So that an endless writer can't keep the supervisor from its timers. */
#define READS_AT_ONCE 8
/* More than a program's end of a pipe can hold, in pages. */
#define LAST_ROOM (2 * 1024 * 1024)

static bool takes_input(const struct stream *stream) {
  return stream->kind == FD_INPUT || stream->kind == FD_TERMINAL;
}

static bool gives_output(const struct stream *stream) {
  return stream->kind == FD_OUTPUT || stream->kind == FD_TERMINAL;
}

/* A pipe whose end of ours does not block; the program's end, or -1. By its name in /proc the program can open its own
   end again, as its group, and never ours. */
static int open_pipe(const struct slot *slot, struct stream *stream, bool program_writes) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return -1;
  int theirs = ends[program_writes ? 1 : 0];
  stream->ours = ends[program_writes ? 0 : 1];
  fcntl(stream->ours, F_SETFL, O_NONBLOCK);
  if (!slot->daemon->privileged || (!fchown(theirs, (uid_t)-1, slot->uid) && !fchmod(theirs, program_writes ? 0020 : 0040)))
    return theirs;
  close(theirs);
  return -1;
}

static int open_terminal(struct running *running, struct stream *stream, const struct fd_request *request) {
  struct winsize size = {.ws_row = request->rows, .ws_col = request->columns};
  int locked = 0;
  running->terminals = mount_terminals();
  stream->ours = openat(running->terminals, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (stream->ours < 0 || ioctl(stream->ours, TIOCSPTLCK, &locked) || ioctl(stream->ours, TIOCSWINSZ, &size)) return -1;
  int theirs = openat(running->terminals, "0", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (theirs < 0 || !fchown(theirs, running->slot->uid, running->slot->uid)) return theirs;
  close(theirs);
  return -1;
}

/* An end of a pipe to another run, or of one of our own that leads to it. Each program can open its own end again: the
   reader as the owner, the writer as the group. */
static int open_end(const struct slot *slot, struct stream *stream, const struct fd_request *request) {
  bool writes = request->kind == FD_WRITE;
  int end = pipe_end(slot->broker, request->pipe.data, writes);
  if (end >= 0 && slot->daemon->privileged &&
      (fchown(end, writes ? (uid_t)-1 : slot->uid, writes ? slot->uid : (gid_t)-1) || fchmod(end, 0420)))
    close_fd(&end);
  if (end < 0 || !writes || !stream->cap) return end;
  fcntl(end, F_SETFL, O_NONBLOCK);
  stream->onward = end;
  return open_pipe(slot, stream, true);
}

void streams_forget(const struct running *running) {
  for (unsigned i = 0; i < running->request->fd_count; i++)
    if (running->request->fds[i].pipe.size) pipe_forget(running->slot->broker, running->request->fds[i].pipe.data);
}

static int open_fd(struct running *running, struct stream *stream, const struct fd_request *request, const int theirs[FDS_MAX]) {
  switch (request->kind) {
    case FD_CONTENT:
      if (request->content.size) return content_file(request->content);
      /* Opened anew, because flags, owner and locks of an open file would reach the next box. */
      return open("/dev/null", O_RDONLY | O_CLOEXEC);
    case FD_CAPTURE:
    case FD_OUTPUT: return open_pipe(running->slot, stream, true);
    case FD_INPUT: return open_pipe(running->slot, stream, false);
    case FD_TERMINAL: return open_terminal(running, stream, request);
    case FD_READ:
    case FD_WRITE: return open_end(running->slot, stream, request);
    case FD_SAME: return fcntl(theirs[request->same], F_DUPFD_CLOEXEC, 0);
    default: return open("/dev/null", O_RDWR | O_CLOEXEC);
  }
}

bool streams_open(struct running *running, int theirs[FDS_MAX], struct refusal *refusal) {
  static const struct fd_request null;
  unsigned count = running->slot->area->fd_count;
  for (unsigned i = 0; i < count; i++) {
    struct stream *stream = &running->slot->streams[i];
    const struct fd_request *request = i < running->request->fd_count ? &running->request->fds[i] : &null;
    stream->kind = request->kind;
    stream->cap = request->cap;
    stream->stop = request->stop;
    stream->window = WINDOW;
    theirs[i] = open_fd(running, stream, request, theirs);
    if (theirs[i] < 0) return refuse(refusal, ERROR_PLATFORM, "descriptor %u can't be made: %s", i, strerror(errno));
  }
  return true;
}

/* What of a stream's end should wake the supervisor. */
static void watch(struct running *running, struct stream *stream) {
  unsigned index = (unsigned)(stream - running->slot->streams), events = 0;
  if (stream->ours >= 0 && stream->kind != FD_INPUT && (!gives_output(stream) || stream->window > 0)) events |= EPOLLIN;
  if (stream->ours >= 0 && takes_input(stream) && stream->bytes.size > stream->given) events |= EPOLLOUT;
  if (events == stream->watched) return;
  struct epoll_event event = {.events = events, .data.u32 = ON_STREAM + index};
  /* An end that nobody waits for is taken out: it would wake us again and again when the other one is closed. */
  int change = !events ? EPOLL_CTL_DEL : stream->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (stream->ours >= 0 && epoll_ctl(running->slot->epoll, change, stream->ours, &event)) running_stop(running, STATUS_PLATFORM);
  stream->watched = events;
}

static void close_stream(struct running *running, struct stream *stream) {
  if (stream->ours >= 0 && stream->watched) epoll_ctl(running->slot->epoll, EPOLL_CTL_DEL, stream->ours, NULL);
  stream->watched = 0;
  close_fd(&stream->ours);
}

void streams_watch(struct running *running) {
  for (unsigned i = 0; i < running->slot->area->fd_count; i++) watch(running, &running->slot->streams[i]);
}

static void put_stream_frame(struct running *running, const struct stream *stream, enum frame_type type, const void *data, size_t size) {
  struct writer *outbox = &running->slot->outbox;
  /* After an error that ends the connection nothing comes. */
  if (running->client_gone) return;
  size_t frame = frame_begin(outbox, type);
  put_uint(outbox, 4, running->request->id);
  put_uint(outbox, 1, (uint64_t)(stream - running->slot->streams));
  if (type == FRAME_OUTPUT) put_data(outbox, data, size);
  else put_uint(outbox, 4, size);
  frame_end(outbox, frame);
}

/* Reads a piece and keeps it, sends it, or drops it: 1 = something was read, 0 = nothing is there, -1 = the end. */
static int read_once(struct running *running, struct stream *stream, size_t most) {
  static uint8_t piece[PIECE];
  uint64_t left = stream->total < stream->cap ? stream->cap - stream->total : 0;
  bool sends = gives_output(stream);
  ssize_t got;
  if (left == 0 && stream->kind != FD_TERMINAL) {
    /* The pages are dropped, not copied: what a program floods must not cost us what it costs the program. */
    got = splice(stream->ours, NULL, running->slot->null, NULL, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  } else {
    if (most > PIECE) most = PIECE;
    got = read(stream->ours, piece, left && most > left ? (size_t)left : most);
  }
  if (got < 0) return errno == EINTR ? 1 : errno == EAGAIN ? 0 : -1;
  if (got == 0) return -1;
  stream->total += (uint64_t)got;
  if (left == 0) return 1;
  if (!sends) {
    put_data(&stream->bytes, piece, (size_t)got);
  } else {
    put_stream_frame(running, stream, FRAME_OUTPUT, piece, (size_t)got);
    stream->window -= stream->window > (size_t)got ? (size_t)got : stream->window;
  }
  return 1;
}

static void on_readable(struct running *running, struct stream *stream) {
  int state = 1;
  for (int i = 0; i < READS_AT_ONCE && state > 0 && (!gives_output(stream) || stream->window > 0); i++)
    state = read_once(running, stream, gives_output(stream) ? stream->window : MIB);
  if (state < 0) close_stream(running, stream);
  if (stream->stop && stream->total > stream->cap) running_stop(running, STATUS_OUTPUT_LIMIT);
}

/* Both ways at once: the kernel duplicates what goes onward, and a copy is kept. 1 = something went, 0 = one of both
   is not ready, -1 = the end of either. */
static int relay_once(struct running *running, struct stream *stream) {
  ssize_t went = tee(stream->ours, stream->onward, PIECE, SPLICE_F_NONBLOCK);
  if (went < 0) return errno == EINTR ? 1 : errno == EAGAIN ? 0 : -1;
  for (ssize_t left = went; left > 0;) {
    uint64_t total = stream->total;
    if (read_once(running, stream, (size_t)left) <= 0) return -1;
    left -= (ssize_t)(stream->total - total);
  }
  return went > 0 ? 1 : -1;
}

/* What the reader does about the end comes after this moment, whoever of the two is looked at first. */
static void pass_end_on(struct stream *stream) {
  if (stream->onward < 0) return;
  stream->passed_end_at = now_ns();
  close_fd(&stream->onward);
}

/* Waits for whichever end is not ready: the reader's when our own still has something. When the reader is gone, the
   writer goes on as one whose output is captured: a relay promises it that much. */
static void on_relay(struct running *running, struct stream *stream) {
  int epoll = running->slot->epoll, waiting = 0, state = 1;
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = ON_ONWARD + (uint32_t)(stream - running->slot->streams)};
  for (int i = 0; i < READS_AT_ONCE && state > 0; i++) {
    errno = 0;
    state = relay_once(running, stream);
  }
  bool unread = state < 0 && errno == EPIPE;
  epoll_ctl(epoll, EPOLL_CTL_DEL, stream->onward, NULL);
  if (unread) {
    close_fd(&stream->onward);
    watch(running, stream);
  } else if (state < 0) {
    pass_end_on(stream);
    close_stream(running, stream);
  } else if (state == 0 && !ioctl(stream->ours, FIONREAD, &waiting) && waiting > 0) {
    if (stream->watched) epoll_ctl(epoll, EPOLL_CTL_DEL, stream->ours, NULL);
    stream->watched = 0;
    epoll_ctl(epoll, EPOLL_CTL_ADD, stream->onward, &event);
  } else {
    watch(running, stream);
  }
}

/* Gives the program what waits for it; what can't reach it any more is dropped, and told as taken. */
static void give(struct running *running, struct stream *stream) {
  struct writer *bytes = &stream->bytes;
  size_t before = stream->given;
  while (stream->ours >= 0 && stream->given < bytes->size) {
    ssize_t put = write(stream->ours, bytes->data + stream->given, bytes->size - stream->given);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EAGAIN) break;
    if (put < 0) close_stream(running, stream);
    else stream->given += (size_t)put;
  }
  if (stream->kind == FD_INPUT) stream->total += stream->given - before;
  if (stream->ours < 0) stream->given = bytes->size;
  if (stream->given > before) put_stream_frame(running, stream, FRAME_TAKEN_REPLY, NULL, stream->given - before);
  if (stream->given == bytes->size) {
    bytes->size = stream->given = 0;
    if (stream->ended && stream->kind == FD_INPUT) close_stream(running, stream);
  } else if (stream->given > WINDOW) {
    memmove(bytes->data, bytes->data + stream->given, bytes->size - stream->given);
    bytes->size -= stream->given;
    stream->given = 0;
  }
}

void stream_event(struct running *running, unsigned source) {
  struct stream *stream = &running->slot->streams[source < ON_ONWARD ? source - ON_STREAM : source - ON_ONWARD];
  if (stream->ours < 0) return;
  if (stream->onward >= 0) {
    on_relay(running, stream);
    return;
  }
  if (takes_input(stream)) give(running, stream);
  if (stream->kind != FD_INPUT && stream->ours >= 0) on_readable(running, stream);
  watch(running, stream);
}

bool stream_frame(struct running *running, enum frame_type type, struct reader *frame) {
  uint64_t index = read_uint(frame, 1);
  if (frame->bad || index >= running->slot->area->fd_count) return false;
  struct stream *stream = &running->slot->streams[index];
  size_t size = (size_t)(frame->end - frame->at);
  if (type == FRAME_INPUT) {
    /* A terminal reads a character as the end, which is a byte of its input. */
    bool character = size == 0 && stream->kind == FD_TERMINAL;
    if (!takes_input(stream) || (stream->ended && size) || size + character > WINDOW - (stream->bytes.size - stream->given)) return false;
    if (character) put_uint(&stream->bytes, 1, 4);
    else stream->ended |= size == 0;
    put_data(&stream->bytes, frame->at, size);
    give(running, stream);
  } else if (type == FRAME_TAKEN) {
    size = (size_t)read_uint(frame, 4);
    if (frame->bad || !gives_output(stream) || size > WINDOW - stream->window) return false;
    stream->window += size;
  } else {
    struct winsize window = {.ws_row = (uint16_t)read_uint(frame, 2)};
    window.ws_col = (uint16_t)read_uint(frame, 2);
    window.ws_xpixel = (uint16_t)read_uint(frame, 2);
    window.ws_ypixel = (uint16_t)read_uint(frame, 2);
    if (frame->bad || frame->at != frame->end || stream->kind != FD_TERMINAL) return false;
    if (stream->ours >= 0) ioctl(stream->ours, TIOCSWINSZ, &window);
  }
  watch(running, stream);
  return true;
}

uint64_t streams_passed_end_at(const struct running *running) {
  uint64_t first = 0;
  for (unsigned i = 0; i < running->slot->area->fd_count; i++) {
    uint64_t at = running->slot->streams[i].passed_end_at;
    if (at && (!first || at < first)) first = at;
  }
  return first;
}

void streams_last_words(struct running *running) {
  for (unsigned i = 0; i < running->slot->area->fd_count; i++) {
    struct stream *stream = &running->slot->streams[i];
    if (stream->kind != FD_CAPTURE || stream->ours < 0) continue;
    on_readable(running, stream);
    if (stream->watched) epoll_ctl(running->slot->epoll, EPOLL_CTL_DEL, stream->ours, NULL);
    stream->watched = 0;
  }
}

void streams_finish(struct running *running) {
  for (unsigned i = 0; i < running->slot->area->fd_count; i++) {
    struct stream *stream = &running->slot->streams[i];
    /* The reader takes what is left when it likes: with this room it all fits in. */
    if (stream->onward >= 0 && fcntl(stream->onward, F_SETPIPE_SZ, LAST_ROOM) < 0)
      fcntl(stream->onward, F_SETPIPE_SZ, LAST_ROOM / 2);
    if (stream->kind == FD_WRITE && stream->onward >= 0)
      while (stream->ours >= 0 && relay_once(running, stream) > 0) continue;
    else if (stream->kind != FD_INPUT)
      while (stream->ours >= 0 && read_once(running, stream, MIB) > 0) continue;
    pass_end_on(stream);
    close_stream(running, stream);
  }
}

void streams_reset(struct slot *slot) {
  for (unsigned i = 0; i < FDS_MAX; i++) {
    struct stream *stream = &slot->streams[i];
    struct writer bytes = stream->bytes;
    close_fd(&stream->ours);
    close_fd(&stream->onward);
    writer_reset(&bytes);
    *stream = (struct stream){.ours = -1, .onward = -1, .bytes = bytes};
  }
}
