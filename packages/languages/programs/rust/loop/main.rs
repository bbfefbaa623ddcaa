fn main() {
    let mut n = 0u32;
    loop {
        n = std::hint::black_box((n + 1) % 1000);
    }
}
