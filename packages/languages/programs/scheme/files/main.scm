(load "answer.scm")

(display (answer))
(newline)
