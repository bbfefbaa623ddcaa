import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const modules =
  "Data::Dumper Digest::SHA Encode File::Temp IO::Socket::INET JSON::PP List::Util Math::BigFloat Math::BigInt POSIX Scalar::Util Socket Storable Text::Wrap Time::HiRes Time::Local Time::Piece Unicode::Normalize bigint threads utf8";

const perlOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `Perl ${release} with its standard modules`,
    packages: ["perl"],
    buildBytes: 300e6,
    remove: [
      ...packagingTools,
      // Tools for writing Perl, and for installing more of it.
      "usr/bin/{corelist,cpan*,enc2xs,encguess,h2ph,h2xs,instmodsh,json_pp,libnetcfg,perlbug,perldoc,perlivp,perlthanks}*",
      "usr/bin/{piconv,pl2pm,pod*,prove,ptar*,shasum,splain,streamzip,xsubpp,zipdetails}*",
      "usr/share/perl/*/{CPAN,ExtUtils,Module/CoreList*,Pod,TAP,Test2,perl5db.pl,pod}",
      "usr/{share,lib/*}/perl/*/**/*.{pod,h}",
    ],
    probes: [
      {
        argv: [
          "sh",
          "-c",
          `echo 'use v5.36; ${modules
            .split(" ")
            .map((module) => `use ${module};`)
            .join(" ")} say substr($^V, 0, 5);' | perl`,
        ],
        stdout: `v${release}\n`,
      },
    ],
  });

/** The language `perl`. */
export const perl = perlOn(base, "perl", "5.36");

/** The language `perl@5.40`. */
export const perl540 = perlOn(base13, "perl-5.40", "5.40");
