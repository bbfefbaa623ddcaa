(import (chicken condition) (chicken tcp))

(define (attempt)
  (tcp-connect "192.0.2.1" 80)
  "connected")

(display (handle-exceptions problem "refused" (attempt)))
(newline)
