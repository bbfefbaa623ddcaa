import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** The language `csharp`. */
export const mono = upon(base, {
  name: "mono",
  description: "Mono 6.8 with its compiler for C#, and bash",
  packages: ["mono-mcs"],
  buildBytes: 600e6,
  remove: [
    "usr/share/{gcc,mono*,zoneinfo/right,zoneinfo/posix,bash-completion,misc,perl5}",
    "etc/{debconf.conf,gprofng.rc,mono/browscap.ini,mono/2.0}",
    // What comes along for compiling ahead of time.
    "usr/bin/{*-linux-gnu-*,addr2line,ar,as,c++filt,dwp,elfedit,gold,gp-*,gprof*,ld*,nm,obj*,ranlib,readelf,size,strings,strip}",
    "usr/lib/*/{gprofng,lib{bfd,ctf*,gprofng,opcodes,sframe,jansson}*,ldscripts}",
    "usr/lib/bfd-plugins",
    // Encryption of connections to a network that a box doesn't have.
    "usr/lib/libmono-btls*",
    "usr/lib/*/libssl.*",
    "usr/lib/*/{engines-*,ossl-modules,krb5}",
    "usr/lib/mono/4.5/gacutil.exe",
    "usr/bin/debconf*",
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && printf '%s' 'using System; using System.Collections.Generic; using System.Linq; using System.Numerics; using System.Text.RegularExpressions; using System.Threading.Tasks; class P { static void Main() { dynamic x = 40; var l = new List<int> { 1, 1 }; Task.Run(() => 1).Wait(); new Regex("a+").Match("aa"); BigInteger.Pow(2, 100); TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"); System.Security.Cryptography.SHA256.Create().ComputeHash(new byte[1]); Console.WriteLine(x + l.Sum()); } }' > p.cs && mono /usr/lib/mono/4.5/mcs.exe -nologo -r:System.Numerics.dll -r:Microsoft.CSharp.dll p.cs && mono p.exe`,
      ],
      stdout: "42\n",
    },
  ],
});
