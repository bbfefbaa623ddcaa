import sys.thread.Thread;

class Main {
  static function main() {
    var waiting = Thread.current();
    Thread.create(() -> waiting.sendMessage(6 * 7));
    Sys.println(Thread.readMessage(true));
  }
}
