import { base, base13 } from "./base.ts";
import { jdk } from "./jdk.ts";

/** The language `java`, and what lies below the other languages of its virtual machine. */
export const java = jdk(base, { name: "java", release: 17 });

/** The language `java@21`. */
export const java21 = jdk(base13, { name: "java-21", release: 21 });

/** The language `java@25`. */
export const java25 = jdk(base13, { name: "java-25", release: 25 });
