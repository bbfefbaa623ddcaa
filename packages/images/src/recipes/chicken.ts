import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** CHICKEN, which compiles Scheme by way of C: the language `scheme-chicken`. */
export const chicken = upon(gcc, {
  name: "chicken",
  description: "CHICKEN 5.3 for Scheme, and bash",
  packages: ["chicken-bin"],
  buildBytes: 200e6,
  // Its modules lie in var/lib.
  keep: ["var/{backups,cache,lib,local,lock,log,mail,run,spool,tmp}"],
  remove: [
    "var/{backups,cache,local,lock,log,mail,run,spool,tmp}",
    "var/lib/{apt,dpkg,misc,pam,polkit-1,systemd}",
    "usr/bin/chicken-{do,install,profile,status,uninstall}",
  ],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.scm <<'end'
(import (chicken io) (chicken process) (chicken sort) (chicken string) (chicken tcp) srfi-4)
(display (apply + (sort (list 40 2) <)))
(newline)
end
csc -O2 -L -static -L -s -o probe main.scm
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
