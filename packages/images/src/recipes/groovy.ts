import { upon } from "../recipe.ts";
import { java } from "./java.ts";
import { driver, javaLibraries, jvmFile, shareClasses, sources } from "./jdk.ts";

const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const library = jar("groovy-all");
const classpath = [driver, library, jar("commons-cli"), jar("asm-all"), jar("antlr")].join(":");

/** The language `groovy`, on OpenJDK 17. */
export const groovy = upon(java, {
  name: "groovy",
  description: "Groovy 2.4 on OpenJDK 17, and bash",
  packages: ["groovy"],
  files: { [`${sources}/sample.groovy`]: jvmFile("sample.groovy") },
  buildBytes: 400e6,
  keep: [javaLibraries],
  remove: [
    "usr/share/{maven-repo,groovy*,ant*,ivy*,bsf*}",
    "usr/share/java/!(groovy-all*|commons-cli*|asm-all*|antlr.jar|antlr-2*)",
    "usr/lib/jni",
    "usr/bin/{groovy*,grape,java2groovy,startGroovy,antlr,runantlr}",
    "etc/groovy",
  ],
  finish: [
    shareClasses(
      "/usr/lib/assay/jvm/groovyc.jsa",
      classpath,
      "assay.Compile groovy sample.groovy -- sample.groovy",
      [`/${sources}/sample.groovy`],
    ),
    // The classes that its programs load, which are many more than Java's.
    shareClasses(
      "/usr/lib/assay/jvm/groovy.jsa",
      library,
      `-cp ${library}:.classes sample`,
      [`/${sources}/sample.groovy`],
      `java -XX:+UseSerialGC -cp ${classpath} assay.Compile groovy sample.groovy -- sample.groovy && `,
    ),
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && cp /${sources}/sample.groovy main.groovy && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/groovyc.jsa -XX:+UseSerialGC -cp ${classpath} assay.Compile groovy main.groovy -- main.groovy && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/groovy.jsa -XX:+UseSerialGC -cp ${library}:.classes @.main < main.groovy | head -1`,
      ],
      stdout: "even: [0, 2, 4, 6, 8]\n",
    },
  ],
});
