fn main() {
    let mut n = std::env::args().count();
    while n < 1000 {
        n = (n + 1) % 1000;
    }
    println!("{n}");
}
