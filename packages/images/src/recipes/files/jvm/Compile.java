package assay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * {@code Compile LANGUAGE ENTRY [option…] -- source…}: compiles into {@code .classes} and leaves in
 * {@code .main} the name of the class to run, as an argument file of the java command. The names of
 * entry and sources begin with a dot, so that none is an option or an argument file.
 */
public final class Compile {
    private static final Path CLASSES = Path.of(".classes");

    public static void main(String[] args) throws Exception {
        // What the tools say goes to one place, in UTF-8, whatever they believe the terminal to be.
        PrintStream messages = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, "UTF-8");
        System.setErr(messages);
        List<String> words = Arrays.asList(args);
        int end = words.indexOf("--");
        List<String> options = words.subList(2, end);
        List<String> sources = words.subList(end + 1, words.size());
        Files.createDirectories(CLASSES);
        if (!compile(args[0], options, sources, messages)) System.exit(1);

        Optional<String> main = MainClass.find(CLASSES, Path.of(args[1]).getFileName().toString());
        if (main.isEmpty()) {
            messages.println(args[1] + ": error: no class has a method main to start at");
            System.exit(1);
        }
        Files.writeString(Path.of(".main"), '"' + main.get().replace("\\", "\\\\") + "\"\n", StandardCharsets.UTF_8);
        // Not by a return: a compiler may have left threads.
        System.exit(0);
    }

    private static boolean compile(String language, List<String> options, List<String> sources, PrintStream messages)
            throws Exception {
        switch (language) {
            case "java":
                return java(options, sources, messages);
            case "kotlin":
                return kotlin(options, sources, messages);
            case "scala":
                return scala(options, sources);
            case "groovy":
                return groovy(options, sources, messages);
            default:
                throw new IllegalArgumentException(language);
        }
    }

    private static boolean java(List<String> more, List<String> sources, PrintStream messages) throws IOException {
        List<String> options = new ArrayList<>(List.of("-d", CLASSES.toString(), "-cp", CLASSES.toString()));
        // No code of the program runs while it is compiled.
        options.addAll(List.of("-proc:none", "-implicit:none"));
        options.addAll(more);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<JavaFileObject> units = new ArrayList<>();
            for (JavaFileObject unit : manager.getJavaFileObjects(sources.toArray(new String[0])))
                units.add(new AnyClass(unit));
            return compiler.getTask(new java.io.OutputStreamWriter(messages, StandardCharsets.UTF_8), manager, null, options, null, units)
                    .call();
        }
    }

    /** A source that may hold a public class of any name: people send {@code Solution} in main.java. */
    private static final class AnyClass extends ForwardingJavaFileObject<JavaFileObject> {
        AnyClass(JavaFileObject file) {
            super(file);
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return simpleName.endsWith("-info") ? super.isNameCompatible(simpleName, kind) : kind == Kind.SOURCE;
        }

        /** Without the byte order mark that some editors write, and that the compiler would not take. */
        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
            CharSequence text = super.getCharContent(ignoreEncodingErrors);
            return text.length() > 0 && text.charAt(0) == '\ufeff' ? text.subSequence(1, text.length()) : text;
        }
    }

    private static boolean kotlin(List<String> more, List<String> sources, PrintStream messages) throws Exception {
        List<String> options = new ArrayList<>(List.of("-d", CLASSES.toString(), "-no-reflect", "-no-stdlib"));
        options.addAll(List.of("-cp", System.getProperty("assay.library")));
        options.addAll(more);
        options.addAll(sources);
        Class<?> type = Class.forName("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
        Object compiler = type.getDeclaredConstructor().newInstance();
        Object code = type.getMethod("exec", PrintStream.class, String[].class)
                .invoke(compiler, messages, options.toArray(new String[0]));
        return code.toString().equals("OK");
    }

    private static boolean scala(List<String> more, List<String> sources) throws Exception {
        List<String> options = new ArrayList<>(List.of("-d", CLASSES.toString(), "-usejavacp", "-encoding", "UTF-8"));
        options.addAll(more);
        options.addAll(sources);
        Class<?> type = Class.forName("scala.tools.nsc.Main");
        // The compiler writes to where Scala's console goes, which is standard output.
        System.setOut(System.err);
        type.getMethod("process", String[].class).invoke(null, (Object) options.toArray(new String[0]));
        Object reporter = type.getMethod("reporter").invoke(null);
        return reporter.getClass().getMethod("hasErrors").invoke(reporter).equals(false);
    }

    private static boolean groovy(List<String> more, List<String> sources, PrintStream messages) throws Exception {
        List<String> options = new ArrayList<>(List.of("-d", CLASSES.toString(), "--encoding", "UTF-8"));
        options.addAll(more);
        options.addAll(sources);
        Class<?> type = Class.forName("org.codehaus.groovy.tools.FileSystemCompiler");
        try {
            type.getMethod("commandLineCompile", String[].class)
                    .invoke(null, (Object) options.toArray(new String[0]));
            return true;
        } catch (java.lang.reflect.InvocationTargetException error) {
            messages.println(error.getCause().getMessage());
            return false;
        }
    }
}
