fn main() {
    println!("half a program"
}
