import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

/** R with its base packages, without anything that draws on a screen. */
const rOn = (below: Recipe, name: string): Recipe =>
  upon(below, {
    name,
    description: "R with its base packages",
    packages: ["r-base-core"],
    buildBytes: 900e6,
    remove: [
      ...packagingTools,
      "etc/{X11,fonts,sasl2,papersize,pulse}",
      "usr/bin/{xdg-*,paperconf*,zip*,unzip*,funzip,infozip,openssl,pango*,tclsh*,wish*}",
      "usr/include",
      "usr/lib/R/{bin/{libtool,config,javareconf,rtags},library/{tcltk,translations,*/{doc,demo,help,html,po}},modules/{R_X11,internet}.so}",
      "usr/lib/{sasl2,ssl,tcltk,libpaper*}",
      "usr/lib/*/{engines-*,gdk-pixbuf*,krb5,ossl-modules,sasl2,tcltk,tcl*,tk*}",
      "usr/lib/*/lib{crypto,gnutls,tcl*,db-5.3,tk*,p11-kit,curl,ssl,brotlienc,ldap*,ssh2,Xt,Xft,Xss,icutu,icutest,icuio}.so*",
      "usr/share/{R/{doc,include},X11,fontconfig,fonts,gettext,glib-2.0,libthai,tcltk,xml,mime}",
    ],
    finish: [
      // What the alternatives would have chosen, and the file that a configuration would have made.
      [
        "sh",
        "-c",
        "for library in /usr/lib/*/blas/libblas.so.3 /usr/lib/*/lapack/liblapack.so.3; do ln -sf $library $(dirname $(dirname $library)); done; ldconfig",
      ],
      // Looked for when the package `utils` is loaded.
      ["ln", "-sf", "which.debianutils", "/usr/bin/which"],
      ["cp", "/usr/lib/R/etc/Renviron.ucf", "/etc/R/Renviron"],
    ],
    probes: [
      {
        argv: [
          "Rscript",
          "--vanilla",
          "-e",
          "library(compiler); library(grid); library(methods); library(parallel); library(splines); library(stats4); library(tools); cat(solve(matrix(c(2, 0, 0, 4), 2), c(84, 4)), toupper('ä'), mean(mtcars$cyl), gsub('\\\\p{L}', 'x', 'ü', perl = TRUE), regmatches('a1', regexpr('[0-9]', 'a1')), '\n')",
        ],
        stdout: "42 1 Ä 6.1875 x 1 \n",
      },
    ],
  });

/** The language `r`. */
export const r = rOn(base, "r");

/** The language `r@4.5`. */
export const r45 = rOn(base13, "r-4.5");
