import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const rakuOn = (below: Recipe, name: string): Recipe =>
  upon(below, {
    name,
    description: "Rakudo",
    packages: ["rakudo"],
    buildBytes: 400e6,
    remove: [
      ...packagingTools,
      // Tools of the installation, which are written in Perl, and pages that show profiles.
      "etc/perl",
      "usr/bin/{perl*,cpan*,corelist*,enc2xs*,encguess,h2ph,h2xs,instmodsh,json_pp*,libnetcfg,piconv*,pl2pm,pod*,prove,ptar*,shasum,splain,streamzip,xsubpp,zipdetails}",
      "usr/lib/*/{perl,perl5,perl-base}",
      "usr/lib/*/lib{perl,db-5.3,gdbm*}.so*",
      "usr/share/{fonts*,javascript,perl,perl5}",
    ],
    probes: [
      {
        argv: [
          "raku",
          "-e",
          "use Test; use NativeCall; say [+] ^10; say 'grüße'.comb(/<:L>/).elems; say (await start { 42 })",
        ],
        stdout: "45\n5\n42\n",
      },
    ],
  });

/** Rakudo on MoarVM: the language `raku`. */
export const raku = rakuOn(base, "raku");

/** The language `raku@2024.9`. */
export const raku2024 = rakuOn(base13, "raku-2024.9");
