package assay;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of many class files is the one to start. Looks at their bytes: nothing of them is loaded. */
final class MainClass {
    private static final int PUBLIC = 1;
    private static final int PRIVATE = 2;
    private static final int STATIC = 8;
    /** From this release on, a method main may be neither public nor static nor have parameters. */
    private static final int PLAIN_MAIN = 25;

    /** With dots between packages. */
    final String name;
    /** As the compiler has noted it, without directories. */
    final String source;
    private final boolean isPublic;
    private final boolean hasMain;

    private MainClass(String name, String source, boolean isPublic, boolean hasMain) {
        this.name = name;
        this.source = source;
        this.isPublic = isPublic;
        this.hasMain = hasMain;
    }

    /**
     * A class with a method main: of the file at which the program starts, named Main, public, not
     * within another one; the first of these that can be had, and of equals the first by name.
     */
    static Optional<String> find(Path directory, String entry) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(path -> path.toString().endsWith(".class")).collect(Collectors.toList());
        }
        List<MainClass> found = new ArrayList<>();
        for (Path file : files) found.add(read(Files.readAllBytes(file)));
        return found.stream()
                .filter(candidate -> candidate.hasMain)
                .min(Comparator.<MainClass, Boolean>comparing(candidate -> !candidate.source.equals(entry))
                        .thenComparing(candidate -> !candidate.isMain())
                        .thenComparing(candidate -> !candidate.isPublic)
                        .thenComparing(candidate -> candidate.name.contains("$"))
                        .thenComparing(candidate -> candidate.name))
                .map(candidate -> candidate.name);
    }

    private boolean isMain() {
        return name.equals("Main") || name.endsWith(".Main");
    }

    /** The format of class files: chapter 4 of the Java Virtual Machine Specification. */
    private static MainClass read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.skipBytes(8);
        Object[] constants = readConstants(in);
        int access = in.readUnsignedShort();
        String name = (String) constants[(Integer) constants[in.readUnsignedShort()]];
        in.skipBytes(2);
        in.skipBytes(2 * in.readUnsignedShort());
        boolean hasMain = false;
        for (int kind = 0; kind < 2; kind++) {
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                int flags = in.readUnsignedShort();
                Object member = constants[in.readUnsignedShort()];
                Object type = constants[in.readUnsignedShort()];
                readAttributes(in, constants);
                if (kind == 1 && member.equals("main")) hasMain |= starts(flags, (String) type);
            }
        }
        String source = readAttributes(in, constants);
        return new MainClass(name.replace('/', '.'), source, (access & PUBLIC) != 0, hasMain);
    }

    private static boolean starts(int flags, String type) {
        boolean withArguments = type.equals("([Ljava/lang/String;)V");
        if (Runtime.version().feature() >= PLAIN_MAIN)
            return (flags & PRIVATE) == 0 && (withArguments || type.equals("()V"));
        return withArguments && (flags & (PUBLIC | STATIC)) == (PUBLIC | STATIC);
    }

    /** Texts as strings, the numbers of the texts that classes are named by, null for the rest. */
    private static Object[] readConstants(DataInputStream in) throws IOException {
        Object[] constants = new Object[in.readUnsignedShort()];
        for (int i = 1; i < constants.length; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1:
                    constants[i] = in.readUTF();
                    break;
                case 7:
                    constants[i] = in.readUnsignedShort();
                    break;
                case 8:
                case 16:
                case 19:
                case 20:
                    in.skipBytes(2);
                    break;
                case 15:
                    in.skipBytes(3);
                    break;
                case 5:
                case 6:
                    in.skipBytes(8);
                    // Such a one counts for two.
                    i++;
                    break;
                default:
                    in.skipBytes(4);
            }
        }
        return constants;
    }

    /** What the attribute SourceFile says, or "". */
    private static String readAttributes(DataInputStream in, Object[] constants) throws IOException {
        String source = "";
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            Object name = constants[in.readUnsignedShort()];
            int length = in.readInt();
            if (name.equals("SourceFile")) source = (String) constants[in.readUnsignedShort()];
            else in.skipBytes(length);
        }
        return source;
    }
}
