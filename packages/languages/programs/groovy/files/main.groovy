println Answer.answer()
