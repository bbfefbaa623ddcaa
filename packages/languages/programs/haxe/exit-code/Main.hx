class Main {
  static function main() {
    Sys.stderr().writeString("out of order\n");
    Sys.exit(7);
  }
}
