object Main extends App {
  println(Answer.answer)
}
