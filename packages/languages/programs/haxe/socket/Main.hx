import sys.net.Host;
import sys.net.Socket;

class Main {
  static function main() {
    try {
      new Socket().connect(new Host("192.0.2.1"), 80);
      Sys.println("connected");
    } catch (error) {
      Sys.println("refused");
    }
  }
}
