class Main {
  static function main() {
    // Grüße
    Sys.println("Grüße, 世界! ∑ 🙂");
  }
}
