public class Main {
    public static void main(String[] args) {
        int n = 0;
        while (n >= 0) n = (n + 1) % 1000;
        System.out.println(n);
    }
}
