(use-modules (rnrs bytevectors))

(define pieces
  (map (lambda (i) (make-bytevector (* 8 1024 1024) 1)) (iota 128)))
(display "too much ")
(display (length pieces))
(newline)
