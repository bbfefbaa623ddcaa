(require :sb-bsd-sockets)

(handler-case
    (let ((socket (make-instance 'sb-bsd-sockets:inet-socket :type :stream :protocol :tcp)))
      (sb-bsd-sockets:socket-connect socket #(192 0 2 1) 80)
      (write-line "connected"))
  (error () (write-line "refused")))
