class Main {
  static function third(numbers:Array<Int>):Int {
    if (numbers.length < 3) {
      throw "no third number";
    }
    return numbers[2];
  }

  static function main() {
    Sys.println(third([1, 2]));
  }
}
