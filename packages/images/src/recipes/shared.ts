/** What a shell program expects to find; about 8 MB trimmed. */
export const shellPackages = [
  "bash",
  "bc",
  "coreutils",
  "dash",
  "diffutils",
  "findutils",
  "grep",
  "libc-bin",
  "mawk",
  "sed",
] as const;

/** What the packages' own installation scripts would have done: they never run here. */
export const commonFinish = [
  ["ln", "-sf", "mawk", "/usr/bin/awk"],
  ["ln", "-sf", "dash", "/usr/bin/sh"],
  ["ldconfig"],
] as const;

/** What no program in a box has a use for. Translations alone are 26 to 41 MB. */
export const commonTrimming = [
  "boot",
  "home",
  "lib32",
  "libx32",
  "media",
  "mnt",
  "opt",
  "root",
  "run",
  "srv",
  "sys",
  "var/{backups,cache,lib,local,lock,log,mail,run,spool,tmp}",

  "etc/{alternatives,apt,binfmt.d,cron*,dpkg,init.d,logrotate.d,pam.d,profile.d,rc*.d,security,skel,systemd}",
  "etc/{adjtime,bash.bashrc,bindresvport.blacklist,default,fstab,gss,issue*,machine-id,mime.types,motd,mtab,netconfig,profile,resolv.conf,rmt,shadow*,subgid*,subuid*,update-motd.d,xattr.conf}",
  "usr/{games,lib32,libx32,local,src}",
  "usr/share/{applications,base-files,binfmts,bug,common-licenses,debconf,debianutils,dict,doc,doc-base}",
  "usr/share/{dpkg,gdb,icons,info,keyrings,lintian,locale,man,menu,pixmaps,polkit-1,readline}",
  "usr/lib/{binfmt.d,dpkg,mime,systemd,tmpfiles.d,valgrind}",

  // Package management: the list of packages is in image.json.
  "usr/bin/{dpkg*,update-alternatives,dselect}",
  "usr/sbin/{dpkg*,start-stop-daemon,update-*,add-shell,remove-shell,installkernel}",
  "usr/bin/{chage,chfn,chsh,expiry,gpasswd,newgrp,passwd,su,mount,umount}",

  // Character set conversion modules for `iconv`; UTF-8 is built into libc.
  "usr/lib/*/gconv",
] as const;
