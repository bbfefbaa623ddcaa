(handler-case
    (progn
      (socket:socket-connect 80 "192.0.2.1" :timeout 5)
      (write-line "connected"))
  (error () (write-line "refused")))
