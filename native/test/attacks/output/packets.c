/*
 * Promise: every byte that a program writes is counted, and captured up to the cap.
 * Attack: turns its standard output into a pipe of packets (O_DIRECT), of which a reader with too little
 * room loses the rest, while the room left to the cap is small.
 * It would show as a total that is less than what was written.
 */
#define _GNU_SOURCE
#include "../attack.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PACKETS 200
#define SIZE 4000 /* no part of the cap, which is 64 KiB */

static int run(void) {
  static char packet[SIZE];
  memset(packet, 'x', sizeof packet);
  /* Inside it is refused, and what follows is a plain stream. */
  fcntl(1, F_SETFL, O_DIRECT);
  for (unsigned i = 0; i < PACKETS; i++)
    if (write(1, packet, SIZE) != SIZE) return could_not("a packet was cut");
  return HELD;
}

/* A reader with too little room. */
static int control(void) {
  char packet[SIZE] = "";
  int ends[2];
  if (pipe2(ends, O_DIRECT | O_NONBLOCK) || write(ends[1], packet, SIZE) != SIZE) return could_not("no pipe");
  bool lost = read(ends[0], packet, 100) == 100 && read(ends[0], packet, SIZE) < 0;
  return lost ? broken("%d bytes were written, 100 can be read", SIZE) : held("a reader gets all of it");
}

static void check(struct scene *scene) {
  if (scene->outside) return;
  const struct outcome *outcome = &scene->outcome;
  if (outcome->out_total != PACKETS * SIZE)
    scene_broken(scene, "%llu of %d bytes were counted, %zu captured", (unsigned long long)outcome->out_total,
                 PACKETS * SIZE, outcome->out_size);
}

ATTACK(packets, "output", "no byte of output is lost", .run = run, .control = control, .check = check);
