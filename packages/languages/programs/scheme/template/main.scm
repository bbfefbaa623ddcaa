(use-modules (ice-9 rdelim))

(define (greet name)
  (display (string-append "Hello, " name "!"))
  (newline))

(greet (read-line))
