import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const extensions = [
  "bcmath",
  "calendar",
  "ctype",
  "gmp",
  "iconv",
  "mbstring",
  "posix",
  "sockets",
  "sysvmsg",
  "sysvsem",
  "sysvshm",
  "tokenizer",
];

// Memory is limited by the box, which says so in the verdict. Messages go to standard error, where no
// answer is spoilt by them. The compiler to machine code takes no file of the last two seconds, unless told.
const settings = `\
memory_limit = -1
display_errors = stderr
log_errors = Off
error_reporting = E_ALL
short_open_tag = Off
date.timezone = UTC
zend_extension = opcache
opcache.enable_cli = On
opcache.jit = tracing
opcache.jit_buffer_size = 32M
opcache.memory_consumption = 32
opcache.file_update_protection = 0
opcache.validate_timestamps = Off
${extensions.map((name) => `extension = ${name}\n`).join("")}`;

const phpOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `PHP ${release} for the command line`,
    packages: [`php${release}-cli`, ...["bcmath", "gmp", "mbstring"].map((each) => `php${release}-${each}`)],
    buildBytes: 300e6,
    remove: [
      ...packagingTools,
      "etc/php",
      "usr/bin/{phar*,fuser,killall,peekfd,prtstat,pslog,pstree*}",
      "usr/lib/file",
      "usr/lib/php/{php*,sessionclean,*/sapi,*/php.ini*}",
      "usr/lib/php/*/{exif,ffi,fileinfo,ftp,gettext,pdo,phar,readline,shmop}.so",
      "usr/share/php*",
    ],
    files: { [`etc/php/${release}/cli/php.ini`]: settings },
    finish: [["ln", "-sf", `php${release}`, "/usr/bin/php"]],
    probes: [
      {
        argv: [
          "php",
          "-r",
          `foreach (explode(" ", "${extensions.join(" ")} json pcntl pcre random") as $name) if (!extension_loaded($name)) exit(1); echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION, " ", gmp_strval(gmp_pow("2", 70)), " ", mb_strlen("grüße");`,
        ],
        stdout: `${release} 1180591620717411303424 5`,
      },
    ],
  });

/** The language `php`. */
export const php = phpOn(base, "php", "8.2");

/** The language `php@8.4`. */
export const php84 = phpOn(base13, "php-8.4", "8.4");
