public class Main {
    static int result;

    public static void main(String[] args) throws InterruptedException {
        Thread thread = new Thread(() -> result = 6 * 7);
        thread.start();
        thread.join();
        System.out.println(result);
    }
}
