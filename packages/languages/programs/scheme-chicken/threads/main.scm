(import (chicken base) (chicken file posix) (chicken io) (chicken process))

(define-values (from-child to-parent) (create-pipe))

(define (compute)
  (let ((port (open-output-file* to-parent)))
    (write-line (number->string (* 6 7)) port)
    (close-output-port port)))

(define child (process-fork compute))

(display (read-line (open-input-file* from-child)))
(newline)
(process-wait child)
