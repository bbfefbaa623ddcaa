fn main() {
    eprintln!("out of order");
    std::process::exit(7);
}
