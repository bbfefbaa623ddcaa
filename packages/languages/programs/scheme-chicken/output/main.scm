(define line (make-string 100 #\x))

(do ((i 0 (+ i 1))) ((= i 1000000))
  (display line)
  (newline))
