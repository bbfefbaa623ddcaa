import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { gcc } from "./gcc.ts";

const ofRelease = (name: string, release: string, compiler: string): Recipe =>
  upon(gcc, {
    name,
    description: `Rust ${release}, and bash`,
    packages: [compiler],
    buildBytes: 1_500e6,
    remove: ["usr/bin/{rustdoc,rust-*}", "usr/lib/rustlib/etc"],
    probes: [
      {
        argv: [
          "sh",
          "-euc",
          `
cd /tmp
cat >main.rs <<'end'
use std::collections::{BTreeMap, HashMap};
fn main() {
    let sums: HashMap<_, _> = [("a", 40)].into_iter().collect();
    let more: BTreeMap<_, _> = [("a", 2)].into_iter().collect();
    println!("{}", std::thread::spawn(move || sums["a"] + more["a"]).join().unwrap());
}
end
rustc --edition=2021 -O -Ctarget-feature=+crt-static -Cstrip=symbols -o probe main.rs
./probe
`,
        ],
        stdout: "42\n",
      },
    ],
  });

/** The Rust that Debian keeps up for its browsers. */
export const rust = ofRelease("rust", "1.96", "rustc-web");

/** The Rust that Debian 12 was built with. */
export const rust163 = ofRelease("rust-1.63", "1.63", "rustc");
