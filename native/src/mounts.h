/* What a supervisor and a box see as their file system. */
#pragma once

#include "util.h"

/*
 * Moves this process into a mount namespace of its own whose root is a small tmpfs:
 *
 *   /images   the images directory, read-only
 *   /dev      what every box of this slot sees as /dev, read-only
 *   /box      where a box mounts its root
 *
 * Few mounts make the copy that each box gets cheap, and nothing of the host is in it. Descriptors
 * that were open before stay usable. Returns null, or what failed (errno says why).
 */
const char *mounts_of_slot(const char *images);

/* A detached read-only mount of an image's root, or -1 and a sentence. */
int mount_image(const char image[65], char *why, size_t why_size);

/* A detached empty tmpfs (nosuid, nodev), or -1 and errno. */
int mount_tmpfs(uint64_t bytes, uint32_t inodes, uid_t uid, unsigned mode);

/*
 * Inside the new namespaces: makes the image the root, with the work directory, /tmp, /dev and a
 * fresh /proc on it, and leaves no way back. The working directory is /w afterwards. Consumes no
 * descriptor. Returns null, or what failed (errno says why).
 */
const char *mounts_of_box(int image, int work, int temporary);
