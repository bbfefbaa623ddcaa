#lang racket/base

(require "answer.rkt")

(displayln (answer))
