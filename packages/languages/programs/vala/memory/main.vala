class Piece {
    public uint8[] bytes = new uint8[8 * 1024 * 1024];
}

void main () {
    var pieces = new Piece[128];
    for (int i = 0; i < pieces.length; i++) {
        pieces[i] = new Piece ();
        Memory.set (pieces[i].bytes, 1, pieces[i].bytes.length);
    }
    int sum = 0;
    foreach (unowned Piece piece in pieces) {
        sum += piece.bytes[0];
    }
    stdout.printf ("too much %d\n", sum);
}
