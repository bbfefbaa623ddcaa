public class Main {
    public static void main(String[] args) {
        System.err.println("out of order");
        System.exit(7);
    }
}
