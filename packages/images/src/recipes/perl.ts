import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

const perlOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `Perl ${release} with its standard modules`,
    packages: ["perl"],
    buildBytes: 300e6,
    remove: [],
    probes: [
      {
        argv: [
          "perl",
          "-e",
          "use v5.36; use utf8; use bigint; use Data::Dumper; use Digest::SHA; use Encode; use File::Temp; use IO::Socket::INET; use JSON::PP; use List::Util; use Math::BigFloat; use Math::BigInt; use POSIX; use Scalar::Util; use Socket; use Storable; use Text::Wrap; use threads; use Time::HiRes; use Time::Local; use Time::Piece; use Unicode::Normalize; print substr($^V, 0, 5), qq(\\n)",
        ],
        stdout: `v${release}\n`.replace(/(v\d+\.\d\d).*/, "$1"),
      },
    ],
  });

/** The language `perl`. */
export const perl = perlOn(base, "perl", "5.36");

/** The language `perl@5.40`. */
export const perl540 = perlOn(base13, "perl-5.40", "5.40");
