import java.io.PrintWriter;

public class Main {
    public static void main(String[] args) {
        String line = "0123456789".repeat(10);
        PrintWriter out = new PrintWriter(System.out);
        for (int i = 0; i < 1_000_000; i++) out.println(line);
        out.flush();
    }
}
