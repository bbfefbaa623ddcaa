public class Main {
    public static void main(String[] args) {
        String grüße = "Grüße, 世界! ∑ 🙂";
        System.out.println(grüße);
    }
}
