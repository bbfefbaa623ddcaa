(import srfi-4)

(define (pieces count)
  (if (= count 0)
      '()
      (cons (make-u8vector (* 8 1024 1024) 1) (pieces (- count 1)))))

(define kept (pieces 128))
(display "too much ")
(display (length kept))
(newline)
