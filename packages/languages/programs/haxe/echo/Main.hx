class Main {
  static function main() {
    Sys.stdout().writeInput(Sys.stdin());
  }
}
