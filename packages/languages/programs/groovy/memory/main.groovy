def pieces = []
128.times {
    def piece = new byte[8 * 1024 * 1024]
    Arrays.fill(piece, (byte) 1)
    pieces << piece
}
println "too much ${pieces.size()}"
