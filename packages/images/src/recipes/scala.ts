import { upon } from "../recipe.ts";
import { java } from "./java.ts";
import { driver, javaLibraries, jvmFile, shareClasses, sources } from "./jdk.ts";

const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const library = jar("scala-library");
const classpath = [driver, jar("scala-compiler"), library, jar("scala-reflect")].join(":");

/** The language `scala`, on OpenJDK 17. */
export const scala = upon(java, {
  name: "scala",
  description: "Scala 2.11 on OpenJDK 17, and bash",
  packages: ["scala"],
  files: { [`${sources}/sample.scala`]: jvmFile("sample.scala") },
  buildBytes: 400e6,
  keep: [javaLibraries],
  remove: [
    "usr/share/{maven-repo,scala*}",
    "usr/share/java/!(scala-compiler*|scala-library*|scala-reflect*)",
    "usr/lib/jni",
    "usr/bin/scala*",
  ],
  finish: [
    shareClasses(
      "/usr/lib/assay/jvm/scalac.jsa",
      classpath,
      "assay.Compile scala sample.scala -- sample.scala",
      [`/${sources}/sample.scala`],
    ),
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && cp /${sources}/sample.scala main.scala && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/scalac.jsa -XX:+UseSerialGC -Xss16m -cp ${classpath} assay.Compile scala main.scala -- main.scala && java -XX:+UseSerialGC -cp ${library}:.classes @.main < main.scala | head -1`,
      ],
      stdout: "even: 0 2 4 6 8\n",
    },
  ],
});
