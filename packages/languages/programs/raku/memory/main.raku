my @pieces;
for ^128 {
    @pieces.push: Buf.new(1 xx 1024) xx 1;
}
say "too much ", @pieces.elems;
