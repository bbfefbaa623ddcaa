fn main() {
    let mut pieces = Vec::new();
    for _ in 0..128 {
        pieces.push(vec![1u8; 8 * 1024 * 1024]);
    }
    let sum: u64 = pieces.iter().flatten().map(|&byte| u64::from(byte)).sum();
    println!("too much {sum}");
}
