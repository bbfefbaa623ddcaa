import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Vala, which compiles by way of C, with GLib and GIO. */
export const vala = upon(gcc, {
  name: "vala",
  description: "Vala 0.56 with GLib, and bash",
  packages: ["valac", "libglib2.0-dev"],
  buildBytes: 400e6,
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
