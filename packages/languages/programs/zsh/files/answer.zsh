answer() {
  print $((6 * 7))
}
