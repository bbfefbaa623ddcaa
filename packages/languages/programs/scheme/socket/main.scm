(define (attempt)
  (let ((port (socket PF_INET SOCK_STREAM 0)))
    (connect port AF_INET (inet-pton AF_INET "192.0.2.1") 80)
    "connected"))

(display (catch #t attempt (lambda _ "refused")))
(newline)
