import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class Main {
    public static void main(String[] args) {
        List<byte[]> pieces = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            byte[] piece = new byte[8 * 1024 * 1024];
            Arrays.fill(piece, (byte) 1);
            pieces.add(piece);
        }
        System.out.println("too much " + pieces.size());
    }
}
