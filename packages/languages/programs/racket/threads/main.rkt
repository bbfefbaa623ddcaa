#lang racket/base

(define answer (make-channel))

(void (thread (lambda () (channel-put answer (* 6 7)))))
(displayln (channel-get answer))
