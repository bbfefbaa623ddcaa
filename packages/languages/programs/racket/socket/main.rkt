#lang racket/base

(require racket/tcp)

(displayln
 (with-handlers ([exn:fail? (lambda (error) "refused")])
   (tcp-connect "192.0.2.1" 80)
   "connected"))
