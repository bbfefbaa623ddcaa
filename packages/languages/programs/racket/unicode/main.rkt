#lang racket/base

(define grüße "Grüße, 世界! ∑ 🙂")

(displayln grüße)
