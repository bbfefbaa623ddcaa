#lang racket/base

(define pieces
  (for/list ([i 128])
    (make-bytes (* 8 1024 1024) 1)))

(printf "too much ~a\n" (length pieces))
