class Main {
  static function main() {
    var name = Sys.stdin().readLine();
    Sys.println('Hello, $name!');
  }
}
