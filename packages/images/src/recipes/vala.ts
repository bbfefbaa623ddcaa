import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Vala, which compiles by way of C, with GLib and GIO. */
export const vala = upon(gcc, {
  name: "vala",
  description: "Vala 0.56 with GLib, and bash",
  packages: ["valac", "libglib2.0-dev"],
  buildBytes: 400e6,
  // Programs are linked to the shared libraries. The scripts of Python make code from other descriptions.
  remove: [
    "usr/lib/python3*",
    "usr/bin/{*python3*,pdb3*,py3*,pydoc3*,pygettext3*,gdbus-codegen,glib-genmarshal,glib-mkenums,gtester-report}",
    "usr/lib/*/lib{gio,glib,gmodule,gobject,gthread,blkid,mount,selinux,sepol,pcre2-*,z}*.a",
  ],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.vala <<'end'
void main () {
    var numbers = new GenericArray<string> ();
    numbers.add ("1764");
    stdout.printf ("%d\\n", (int) Math.sqrt (int.parse (numbers[0])));
    new SocketClient ();
}
end
valac --pkg gio-2.0 --pkg posix -X -lm -o probe main.vala
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
