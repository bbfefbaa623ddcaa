import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GnuCOBOL, which compiles by way of C. */
export const cobol = upon(gcc, {
  name: "cobol",
  description: "GnuCOBOL 3.1, and bash",
  packages: ["gnucobol3"],
  buildBytes: 300e6,
  remove: ["usr/include/{ncurses*,curses.h,term*,panel.h,menu.h,form.h,eti.h,unctrl.h,tic.h,nc_tparm.h}"],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.cob <<'end'
identification division.
program-id. probe.
procedure division.
    display function sqrt(1764).
    stop run.
end
cobc -x -free -O2 -o probe main.cob
./probe
`,
      ],
      stdout: "000000042\n",
    },
  ],
});
