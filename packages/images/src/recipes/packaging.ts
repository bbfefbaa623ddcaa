/** What packages bring along for their own installation and upgrade, which never happen in a box. */
export const packagingTools = [
  "etc/{adduser,debconf,deluser,ucf}.conf",
  "etc/{ca-certificates*,magic*,pam.conf,selinux,subversion}",
  "usr/bin/{debconf*,lcf,sensible-*,select-editor,ucf*,c_rehash}",
  "usr/lib/{lsb,init,udev,sysctl.d}",
  "usr/share/{apport,bash-completion,ca-certificates,debhelper,gcc,metainfo,pam-configs,sensible-utils,systemtap,ucf}",
  "usr/share/perl5/{Debconf,Debian}",
  // Zones with leap seconds, which no program asks for.
  "usr/share/zoneinfo/{right,posix}",
] as const;
