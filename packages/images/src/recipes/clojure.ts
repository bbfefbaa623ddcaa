import { upon } from "../recipe.ts";
import { java } from "./java.ts";
import { compileInto, javaLibraries, jvmFile, shareClasses, sources } from "./jdk.ts";

const jar = (name: string): string => `/usr/share/java/${name}.jar`;
const classpath = [jar("clojure"), jar("spec.alpha"), jar("core.specs.alpha")].join(":");
const check = "/usr/lib/assay/jvm/check.jar";

/** The language `clojure`, on OpenJDK 17. */
export const clojure = upon(java, {
  name: "clojure",
  description: "Clojure 1.11 on OpenJDK 17, and bash",
  packages: ["clojure"],
  files: {
    [`${sources}/assay/CheckClojure.java`]: jvmFile("CheckClojure.java"),
    [`${sources}/sample.clj`]: jvmFile("sample.clj"),
  },
  buildBytes: 300e6,
  keep: [javaLibraries],
  remove: [
    "usr/share/maven-repo",
    "usr/share/java/!(clojure*|spec.alpha*|core.specs.alpha*)",
    "usr/bin/clojure*",
  ],
  finish: [
    ["sh", "-c", "cd /usr/share/java && test -e clojure.jar || ln -s clojure-1.*.*.jar clojure.jar"],
    compileInto(check, `/${sources}/assay/CheckClojure.java`, classpath),
    shareClasses("/usr/lib/assay/jvm/clojure.jsa", classpath, "clojure.main sample.clj", [
      `/${sources}/sample.clj`,
    ]),
  ],
  probes: [
    {
      argv: [
        "sh",
        "-c",
        `cd /tmp && cp /${sources}/sample.clj . && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/clojure.jsa -XX:+UseSerialGC -cp ${classpath}:. clojure.main sample.clj < /usr/lib/os-release > /dev/null && java -XX:SharedArchiveFile=/usr/lib/assay/jvm/clojure.jsa -XX:+UseSerialGC -cp ${classpath}:${check} assay.CheckClojure sample.clj && java -XX:+UseSerialGC -cp ${classpath}:. clojure.main sample.clj < sample.clj | head -1`,
      ],
      stdout: "even: (0 2 4 6 8)\n",
    },
  ],
});
