import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

// Where the units and the C libraries lie: on other machines the directory has another name.
const configure = `
cd /usr/lib/*/fpc/3.2.2
ln -sf "$PWD"/ppc* /usr/bin/fpc
cat >/etc/fpc.cfg <<end
-Fu$PWD/units/\\$fpctarget
-Fu$PWD/units/\\$fpctarget/*
-Fl$(echo /usr/lib/gcc/*/12)
-Fl$(cd ../..; pwd)
end
`;

/** Free Pascal with its run-time library, and of its component library what needs no service. */
export const pascal = upon(gcc, {
  name: "pascal",
  description: "Free Pascal 3.2, and bash",
  packages: ["fp-compiler-3.2.2", "fp-units-rtl-3.2.2", "fp-units-base-3.2.2", "fp-units-fcl-3.2.2"],
  buildBytes: 1_000e6,
  remove: [
    "usr/bin/*fpc{-depends,mkcfg,res}*",
    "usr/lib/*/fpc/*/{fpmkinst,samplecfg}",
    "usr/lib/*/fpc/*/units/*/fcl-{async,db,image,js,net,passrc,pdf,report,sdo,sound,web}",
    "usr/lib/*/fpc/*/units/*/{fpmkunit,libusb,ncurses,pasjpeg,tplylib,x11}",
  ],
  finish: [["sh", "-euc", configure]],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.pas <<'end'
program Main;
{$mode objfpc}
uses cthreads, Classes, SysUtils, StrUtils, Math, DateUtils, Contnrs, fgl, Sockets, Generics.Collections;
type
  TList = specialize TFPGList<Integer>;
var
  List: TList;
begin
  List := TList.Create;
  List.Add(Max(6, 1) * 7);
  WriteLn(IntToStr(List[0]));
end.
end
fpc -O2 -Xs -l- -v0ew -FU/tmp -oprobe main.pas
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
