class Answer {
  public static function answer():Int {
    return 6 * 7;
  }
}
