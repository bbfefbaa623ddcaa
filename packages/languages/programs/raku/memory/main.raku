my @pieces;
for ^128 {
    @pieces.push: Buf.allocate(8 * 1024 * 1024, 1);
}
say "too much ", @pieces.elems;
