#lang racket/base

(define (greet name)
  (printf "Hello, ~a!\n" name))

(greet (read-line))
