import haxe.io.Bytes;

class Main {
  static function main() {
    var pieces = [];
    for (_ in 0...128) {
      var piece = Bytes.alloc(8 * 1024 * 1024);
      piece.fill(0, piece.length, 1);
      pieces.push(piece);
    }
    Sys.println("too much " + pieces.length);
  }
}
