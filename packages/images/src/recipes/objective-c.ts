import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** Objective-C with the run-time system of GCC. */
export const objectiveC = upon(gcc, {
  name: "objective-c",
  description: "GCC 12 for Objective-C, and bash",
  packages: ["gobjc"],
  buildBytes: 200e6,
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >main.m <<'end'
#import <objc/Object.h>
#include <stdio.h>
@interface Answer : Object
+ (int)value;
@end
@implementation Answer
+ (int)value { @try { @throw [Answer class]; } @catch (id thrown) { return 42; } }
@end
int main(void) { printf("%d\\n", [Answer value]); }
end
gcc -std=gnu17 -fobjc-exceptions -O2 -static -o probe main.m -lobjc
./probe
`,
      ],
      stdout: "42\n",
    },
  ],
});
