fn main() {
    let grüße = "Grüße, 世界! ∑ 🙂";
    println!("{grüße}");
}
