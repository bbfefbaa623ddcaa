import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "../recipe.ts";
import { upon } from "../recipe.ts";

export const jvmFile = (name: string): string =>
  readFileSync(join(import.meta.dirname, "files", "jvm", name), "utf8");

/** Directory of what is compiled for the image, and of samples; without a leading slash. */
export const sources = "usr/lib/assay/jvm/src";

/** Where the compilers' driver is; see `files/jvm/Compile.java`. */
export const driver = "/usr/lib/assay/jvm/compile.jar";

/** Libraries that Debian's packages for building Java programs share. */
export const javaLibraries = "usr/share/java";

/** Makes a jar of Java files; the same bytes come out each time. */
export const compileInto = (jar: string, files: string, classpath = "."): readonly string[] => [
  "sh",
  "-c",
  `mkdir /tmp/classes && cd /tmp/classes && javac -J-XX:+UseSerialGC -g:none -cp ${classpath} -d . ${files} && exec /usr/lib/jvm/java/bin/jar --create --no-manifest --date=2023-06-10T00:00:00Z --file=${jar} $(find . -name '*.class' | LC_ALL=C sort)`,
];

/** Makes an archive of the classes that `java` with these words loads, where the samples are. */
export const shareClasses = (
  archive: string,
  classpath: string,
  words: string,
  samples: readonly string[],
  before = "",
): readonly string[] => [
  "sh",
  "-c",
  `cd /tmp && cp ${samples.join(" ")} . && ${before}exec /usr/lib/assay/jvm/share-classes ${archive} ${classpath} ${words}`,
];

/** What the packages of a JDK bring and no program without screen, printer and network uses. */
const trimming = [
  "usr/lib/jvm/{.java*,default-java,java-1.*,openjdk-*}",
  "usr/lib/jvm/*/{demo,docs,include,jmods,legal,man,src.zip}",
  "usr/lib/jvm/*/lib/{src.zip,jar.binfmt,jexec,jfr,psfont*,libsaproc.so,libjdwp.so,libdt_socket.so}",
  "usr/lib/jvm/*/lib/{libjsound.so,libj2pcsc.so,libj2gss.so,libsctp.so,libfontmanager.so,libjavajpeg.so,liblcms.so}",
  // For heaps of more than 32 GB, or with compact object headers, that no box asks for.
  "usr/lib/jvm/*/lib/server/classes_*.jsa",
  "usr/lib/jvm/*/bin/!(java|javac|jar)",
  "etc/{ca-certificates*,debconf.conf,fonts,ssl,libaudit.conf,ssh}",
  "etc/java-*/{jvm-*.cfg.dpkg*,images,swing.properties,psfontj2d.properties}",
  "usr/share/{alsa,bash-completion,ca-certificates*,fontconfig,fonts,gcc,glib-2.0,libgcrypt20,misc,perl5,util-linux,xml}",
  javaLibraries,
  "usr/lib/{debug,ssl,udev}",
  "usr/lib/*/{avahi,engines-3,gio,glib-2.0,krb5,ossl-modules,nss,pkcs11,security}",
  "usr/lib/*/lib{asound,avahi*,brotli*,com_err,crypto,cups,dbus*,expat*,ffi,fontconfig,freetype,freebl*,gcrypt}.*",
  "usr/lib/*/lib{freetype,gio*,glib*,gmodule*,gnutls,gobject*,gpg-error,graphite2,gssapi*,gthread*,harfbuzz}.*",
  "usr/lib/*/lib{hogweed,idn2,jpeg,k5crypto,keyutils,krb5*,lcms2,nettle,nspr4,nss3,nssckbi,nssdbm3,nssutil3}.*",
  "usr/lib/*/lib{p11-kit,pam*,pcsclite,plc4,plds4,png16,smime3,softokn3,sqlite3,ssl,ssl3,systemd,tasn1,udev,unistring}.*",
  "usr/bin/{c_rehash,debconf*,openssl}",
  "usr/sbin/{dpkg-*,fsck*,mkfs*,mkswap,swap*,update-*,agetty,blk*,*fs,ldattach,pam*,unix_*,zramctl,mkhomedir_helper}",
];

/**
 * The files that compile programs for the Java virtual machine with its tools, and the archive of the
 * classes that javac needs: with it, it takes 0.5 s of CPU time for a small program instead of 0.7.
 */
const finish: Recipe["finish"] = [
  ["sh", "-c", "cd /usr/lib/jvm && ln -s java-*-openjdk-* java"],
  ["ln", "-s", "../lib/jvm/java/bin/java", "/usr/bin/java"],
  ["ln", "-s", "../lib/jvm/java/bin/javac", "/usr/bin/javac"],
  compileInto(driver, `/${sources}/assay/Compile.java /${sources}/assay/MainClass.java`),
  shareClasses("/usr/lib/assay/jvm/javac.jsa", driver, "assay.Compile java Sample.java -- Sample.java", [
    `/${sources}/Sample.java`,
  ]),
];

const probes: Recipe["probes"] = [
  {
    argv: [
      "sh",
      "-c",
      `cd /tmp && cp /${sources}/Sample.java main.java && java -Xshare:on -XX:SharedArchiveFile=/usr/lib/assay/jvm/javac.jsa -XX:+UseSerialGC -cp ${driver} assay.Compile java main.java -- main.java && java -XX:+UseSerialGC -cp .classes @.main < main.java | head -1`,
    ],
    stdout: "even: [0, 2, 4, 6, 8]\n",
  },
  // The libraries that only some classes load.
  {
    argv: [
      "sh",
      "-c",
      `cd /tmp && printf '%s' 'import java.awt.geom.*; import java.math.*; import java.net.*; import java.nio.file.*; import java.text.*; import java.time.*; import java.util.prefs.*; import java.util.regex.*; import java.util.zip.*; class Q { public static void main(String[] a) throws Exception { new CRC32().update(1); new java.awt.Point(1, 2); new Area(new Rectangle2D.Double(0, 0, 1, 1)); new java.awt.image.BufferedImage(2, 2, 2); ZoneId.of("Europe/Berlin"); new DecimalFormat("0.00").format(1); java.security.MessageDigest.getInstance("SHA-256"); java.util.logging.Logger.getLogger("q"); new BigInteger("3").modPow(BigInteger.TEN, BigInteger.TWO); Files.size(Path.of("Q.java")); new java.security.SecureRandom().nextInt(); javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder(); InetAddress.getByName("127.0.0.1"); java.sql.Date.valueOf("2020-02-02"); java.lang.management.ManagementFactory.getRuntimeMXBean().getUptime(); System.out.println(42); } }' > Q.java && javac -J-XX:+UseSerialGC Q.java && java -XX:+UseSerialGC Q`,
    ],
    stdout: "42\n",
  },
];

interface Jdk {
  readonly name: string;
  /** Feature release. */
  readonly release: number;
}

export const jdk = (base: Recipe, { name, release }: Jdk): Recipe =>
  upon(base, {
    name,
    description: `OpenJDK ${release}, and bash`,
    packages: [`openjdk-${release}-jdk-headless`, "util-linux"],
    files: {
      "usr/lib/assay/jvm/share-classes": jvmFile("share-classes.sh"),
      [`${sources}/assay/Compile.java`]: jvmFile("Compile.java"),
      [`${sources}/assay/MainClass.java`]: jvmFile("MainClass.java"),
      [`${sources}/Sample.java`]: jvmFile("Sample.java"),
    },
    buildBytes: 1_300e6,
    remove: trimming,
    finish,
    probes,
  });
