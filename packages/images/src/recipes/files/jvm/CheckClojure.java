package assay;

import clojure.lang.AFn;
import clojure.lang.LineNumberingPushbackReader;
import clojure.lang.LispReader;
import clojure.lang.RT;
import clojure.lang.Symbol;
import clojure.lang.Var;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads every form of the files without evaluating any: what the reader refuses is no program. */
public final class CheckClojure {
    public static void main(String[] paths) throws Exception {
        boolean sound = true;
        Object allow = RT.map(RT.keyword(null, "read-cond"), RT.keyword(null, "allow"));
        Var.pushThreadBindings(RT.map(
                RT.var("clojure.core", "*read-eval*"), false,
                RT.var("clojure.core", "*reader-resolver*"), anyName(),
                RT.var("clojure.core", "*default-data-reader-fn*"), anyTag()));
        for (String path : paths) sound &= check(path, allow);
        System.exit(sound ? 0 : 1);
    }

    private static boolean check(String path, Object options) throws IOException {
        Object end = new Object();
        try (LineNumberingPushbackReader in = new LineNumberingPushbackReader(
                new InputStreamReader(new FileInputStream(path), StandardCharsets.UTF_8))) {
            try {
                while (LispReader.read(in, false, end, false, options) != end) continue;
                return true;
            } catch (RuntimeException error) {
                Throwable cause = error.getCause() == null ? error : error.getCause();
                String where = path + ":" + in.getLineNumber() + ":" + in.getColumnNumber();
                System.err.println(where + ": error: " + cause.getMessage());
                return false;
            }
        }
    }

    /** Which names an alias stands for is known only when the program runs. */
    private static LispReader.Resolver anyName() {
        return new LispReader.Resolver() {
            @Override
            public Symbol currentNS() {
                return Symbol.intern("user");
            }

            @Override
            public Symbol resolveClass(Symbol name) {
                return name;
            }

            @Override
            public Symbol resolveAlias(Symbol name) {
                return name;
            }

            @Override
            public Symbol resolveVar(Symbol name) {
                return name;
            }
        };
    }

    private static AFn anyTag() {
        return new AFn() {
            @Override
            public Object invoke(Object tag, Object value) {
                return value;
            }
        };
    }
}
