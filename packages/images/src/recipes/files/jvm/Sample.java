import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Scanner;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What programs usually are made of: which classes the compiler needs for that is found out by compiling it. */
public class Sample {
    interface Shape {
        double area();
    }

    record Square(double side) implements Shape {
        public double area() {
            return side * side;
        }
    }

    enum Color {
        RED,
        GREEN
    }

    static class Node<T extends Comparable<T>> {
        final T value;
        Node<T> next;

        Node(T value) {
            this.value = value;
        }
    }

    static int apply(IntBinaryOperator operator, int a, int b) {
        return operator.applyAsInt(a, b);
    }

    public static void main(String[] args) throws Exception {
        Scanner scanner = new Scanner("1 2 3");
        int sum = 0;
        while (scanner.hasNextInt()) sum += scanner.nextInt();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine())
                for (StringTokenizer words = new StringTokenizer(line); words.hasMoreTokens(); ) sum += words.nextToken().length();
        } catch (RuntimeException error) {
            throw new IllegalStateException("not read: " + error.getMessage(), error);
        } finally {
            sum++;
        }
        Map<String, List<Integer>> groups = new HashMap<>();
        for (int i = 0; i < 10; i++) groups.computeIfAbsent(i % 2 == 0 ? "even" : "odd", key -> new ArrayList<>()).add(i);
        var ordered = new TreeMap<>(groups);
        ordered.forEach((key, values) -> System.out.printf("%s: %s%n", key, values));
        PriorityQueue<int[]> queue = new PriorityQueue<>(Comparator.comparingInt((int[] pair) -> pair[0]));
        queue.add(new int[] {3, 4});
        ArrayDeque<Node<String>> nodes = new ArrayDeque<>();
        nodes.push(new Node<>("a"));
        long[][] table = new long[5][5];
        for (long[] row : table) Arrays.fill(row, 1L);
        String joined = IntStream.range(0, 5).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Runnable task = new Runnable() {
            @Override
            public void run() {
                System.out.println(joined + nodes.peek().value);
            }
        };
        task.run();
        Object shape = new Square(2);
        if (shape instanceof Square square && square.side() > 1) System.out.println(square.area());
        String word = switch (Color.valueOf("RED")) {
            case RED -> "red";
            case GREEN -> "green";
        };
        StringBuilder builder = new StringBuilder(word).append(apply((a, b) -> a ^ b, sum, 3)).reverse();
        System.out.println("""
            of several
            lines""" + builder);
    }
}
