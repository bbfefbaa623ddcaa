import { upon } from "../recipe.ts";
import { java } from "./java.ts";
import { driver, jvmFile, shareClasses, sources } from "./jdk.ts";

const lib = "/usr/lib/kotlin/lib";
const library = `${lib}/kotlin-stdlib.jar:${lib}/kotlinx-coroutines-core-jvm.jar`;
const classpath = `${driver}:${lib}/kotlin-compiler.jar:${library}`;

/** The language `kotlin`: the compiler as its makers publish it, on OpenJDK 17. */
export const kotlin = upon(java, {
  name: "kotlin",
  description: "Kotlin 2.4 on OpenJDK 17, and bash",
  packages: [],
  npm: [{ name: { all: "kotlin-compiler" }, version: "2.4.20", into: "usr/lib/kotlin" }],
  files: { [`${sources}/sample.kt`]: jvmFile("sample.kt") },
  buildBytes: 800e6,
  finish: [
    [
      "sh",
      "-c",
      `cd ${lib} && mkdir ../kept && mv kotlin-compiler.jar kotlin-stdlib.jar kotlin-reflect.jar kotlin-script-runtime.jar kotlin-daemon-client.jar annotations-13.0.jar kotlinx-coroutines-core-jvm.jar ../kept && cp ../build.txt ../kept && find /usr/lib/kotlin -mindepth 1 -maxdepth 1 ! -name kept -exec rm -rf {} + && mv ../kept ${lib} && mv ${lib}/build.txt /usr/lib/kotlin`,
    ],
    shareClasses(
      "/usr/lib/assay/jvm/kotlinc.jsa",
      classpath,
      `-Dassay.library=${library} assay.Compile kotlin sample.kt -- sample.kt`,
      [`/${sources}/sample.kt`],
    ),
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && cp /${sources}/sample.kt main.kt && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/kotlinc.jsa -XX:+UseSerialGC -Xss16m -cp ${classpath} -Dassay.library=${library} assay.Compile kotlin main.kt -- main.kt && java -XX:+UseSerialGC -cp ${library}:.classes @.main < main.kt | head -1`,
      ],
      stdout: "even: [0, 2, 4, 6, 8]\n",
    },
  ],
});
