(use-modules (ice-9 threads))

(display (join-thread (call-with-new-thread (lambda () (* 6 7)))))
(newline)
