object Answer {
  def answer: Int = 6 * 7
}
