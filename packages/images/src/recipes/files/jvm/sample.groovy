import groovy.transform.CompileStatic

// What programs usually are made of: which classes it needs for that is found out by compiling and running it.
class Point {
    int x, y

    String toString() { "($x, $y)" }
}

@CompileStatic
static int gcd(int a, int b) { b == 0 ? a : gcd(b, a % b) }

def sum = 0
System.in.eachLine { line -> sum += line.tokenize().collect { it.size() }.sum() ?: 0 }
def groups = (0..<10).groupBy { it % 2 == 0 ? 'even' : 'odd' }
groups.sort().each { key, values -> println "$key: $values" }
def points = [new Point(x: 1, y: 2), new Point(x: 0, y: 3)].sort { it.x }
def memory = [:].withDefault { [] }
memory['a'] << gcd(12, 18)
def queue = new PriorityQueue<Integer>()
queue.addAll([3, 1, 2])
try {
    assert queue.poll() == 1
    println points*.y.inject(0) { a, b -> a + b } + sum
    println 'text'.reverse().padLeft(10) + memory.collect { k, v -> "$k=$v" }.join(',')
    println((args.length > 0 ? args[0] as int : 1.5).toString() =~ /\d/ ? 'number' : 'none')
    printf('%.2f%n', Math.sqrt(2))
} catch (NumberFormatException error) {
    println error.message
}
