var pieces: seq[seq[byte]]
for _ in 1 .. 128:
  var piece = newSeq[byte](8 * 1024 * 1024)
  for b in piece.mitems:
    b = 1
  pieces.add piece
var sum = 0
for piece in pieces:
  sum += int(piece[^1])
echo "too much ", sum
