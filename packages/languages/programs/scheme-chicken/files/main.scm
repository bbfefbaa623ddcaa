(include "answer.scm")

(display (answer))
(newline)
