pieces = []
for _ in range(128):
    pieces.append(bytearray(b"\x01") * (8 * 1024 * 1024))
print("too much", sum(map(len, pieces)))
