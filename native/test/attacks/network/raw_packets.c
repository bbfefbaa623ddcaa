/*
 * Promise: a box can't forge or read packets.
 * Attack: raw sockets forge packets and read those of others; ping sockets are open to users by a
 * switch of the host.
 * It would show as an answer that is not the refusal, or as a call that is missing from the evidence.
 */
#define _GNU_SOURCE
#include "suite/refused.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int run(void) {
  struct refusals all = {0};
  TRY(all, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  TRY(all, socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP));
  TRY(all, socket(AF_INET6, SOCK_RAW, IPPROTO_RAW));
  TRY(all, socket(AF_PACKET, SOCK_RAW, 0));
  TRY(all, socket(AF_PACKET, SOCK_DGRAM, 0));
  TRY(all, socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0}));
  return refused_all(&all);
}

EVIDENCE("socket=5", "socketpair=1")

ATTACK(raw_packets, "network", "a box can't forge or read packets", .run = run, .check = check, .outside.root = true);
