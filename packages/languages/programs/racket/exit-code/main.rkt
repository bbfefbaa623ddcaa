#lang racket/base

(displayln "out of order" (current-error-port))
(exit 7)
