#lang racket/base

(define line (make-string 100 #\x))

(for ([i 1000000])
  (displayln line))
