(import (chicken io))

(define (greet name)
  (display (string-append "Hello, " name "!"))
  (newline))

(greet (read-line))
