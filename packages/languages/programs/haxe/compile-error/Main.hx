class Main {
  static function main() {
    Sys.println("half a program";
  }
}
