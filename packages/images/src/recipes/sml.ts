import { upon } from "../recipe.ts";
import { base } from "./base.ts";
import { gccTrimming } from "./gcc.ts";

/** Poly/ML, which compiles in memory; the C++ compiler that its package wants makes programs of its dumps. */
export const sml = upon(base, {
  name: "sml",
  description: "Poly/ML 5.7 for Standard ML, and bash",
  packages: ["polyml"],
  buildBytes: 900e6,
  remove: [
    ...gccTrimming,
    "usr/include",
    "usr/lib/{gcc,bfd-plugins,compat-ld,file,polyml}",
    "usr/lib/*/*.{a,o}",
    "usr/lib/*/{bfd-plugins,gprofng,ldscripts,pkgconfig}",
    "usr/lib/*/lib{bfd,cc1,ctf,isl,itm,magic,mpc,mpfr,opcodes,quadmath,sframe}*",
    "usr/share/{file,misc}",
    "usr/bin/*-linux-gnu-*",
    "usr/bin/{ar,as,c++*,c89*,c99*,cpp*,elfedit,file,g++*,gcc*,ld*,nm,objcopy,objdump,polyc,polyimport}",
    "usr/bin/{ranlib,readelf,size,strings,strip,addr2line,gencat}",
  ],
  probes: [
    {
      argv: [
        "poly",
        "-q",
        "--error-exit",
        "--eval",
        'val () = (print (Int.toString (6 * 7) ^ "\\n"); OS.Process.exit OS.Process.success);',
      ],
      stdout: "42\n",
    },
  ],
});
