import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GNAT 12 for Ada, and bash */
export const ada = upon(gcc, {
  name: "ada",
  description: "GNAT 12 for Ada, and bash",
  packages: ["gnat"],
  buildBytes: 1_000e6,
  // The second copy of its library, for programs that are loaded as a library.
  remove: ["usr/lib/gcc/*/*/adalib/*_pic.a"],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.adb <<'end'
with Ada.Containers.Vectors;
with Ada.Text_IO;
with GNAT.Sockets;

procedure Main is
   package Vectors is new Ada.Containers.Vectors (Positive, Integer);
   Numbers : Vectors.Vector;
   task Worker;
   task body Worker is
   begin
      Ada.Text_IO.Put_Line (GNAT.Sockets.Image (GNAT.Sockets.Any_Inet_Addr));
   end Worker;
begin
   Numbers.Append (42);
   Ada.Text_IO.Put_Line (Numbers.First_Element'Image);
end Main;
end
gnatmake -q -O2 -gnat2022 main.adb -o probe -bargs -static -largs -static -s
./probe | sort
`,
      ],
      stdout: " 42\n0.0.0.0\n",
    },
  ],
});
