class Main {
  static function main() {
    Sys.println(Answer.answer());
  }
}
