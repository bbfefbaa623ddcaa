/*
 * Promise: no file, device, socket or namespace answers more than a stream does.
 * Attack: file systems, block devices and namespaces answer hundreds of ioctls, to anyone who has a
 * descriptor. Asked are those that read or change what is not the box's, on everything that a box can
 * open.
 * It would show as an answer other than ENOTTY.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int run(void) {
  static const unsigned long requests[] = {
      FS_IOC_GETFLAGS,
      FS_IOC_GETVERSION,
      FS_IOC_FSGETXATTR,
      FS_IOC_GETFSLABEL,
      FS_IOC_FIEMAP,
      FIGETBSZ,
      FIBMAP,
      0x80111500UL /* FS_IOC_GETFSUUID */,
      0x80811501UL /* FS_IOC_GETFSSYSFSPATH */,
      FITRIM,
      FICLONE,
      FIDEDUPERANGE,
      FS_IOC_ENABLE_VERITY,
      BLKGETSIZE64,
      BLKFLSBUF,
      _IO(0xb7, 1) /* NS_GET_USERNS */,
      _IO(0xb7, 3) /* NS_GET_NSTYPE */,
      SIOCGIFNAME,
      SIOCGIFINDEX,
      SIOCGSTAMP_OLD,
      SIOCINQ + 0x100,
  };
  int fds[] = {open("/", O_RDONLY),          open("/proc/self/exe", O_RDONLY), open("file", O_RDWR | O_CREAT, 0600),
               open("/dev/null", O_RDWR),    open("/dev/urandom", O_RDONLY),   open("/proc/self/ns/mnt", O_RDONLY),
               open("/proc/self", O_RDONLY), socket(AF_UNIX, SOCK_DGRAM, 0)};
  unsigned answered = 0;
  unsigned long first = 0;
  for (unsigned i = 0; i < COUNT_OF(requests); i++) {
    for (unsigned k = 0; k < COUNT_OF(fds); k++) {
      char buffer[4096] = {0};
      if (fds[k] < 0) return could_not("place %u can't be opened: %s", k, strerrorname_np(errno));
      if (ioctl(fds[k], requests[i], buffer) < 0 && errno == ENOTTY) continue;
      if (!answered++) first = requests[i];
    }
  }
  return answered ? broken("%u answers, the first to 0x%lx", answered, first) : held("none is a request for these");
}

ATTACK(ioctls_of_files, "kernel", "no file, device, socket or namespace answers more than a stream does", .run = run);
