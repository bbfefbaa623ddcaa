#lang racket/base

(displayln "half a program"
