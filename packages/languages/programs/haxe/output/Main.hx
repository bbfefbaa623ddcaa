class Main {
  static function main() {
    var line = [for (_ in 0...10) "0123456789"].join("");
    for (_ in 0...1000000) {
      Sys.println(line);
    }
  }
}
