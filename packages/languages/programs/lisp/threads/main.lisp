(let ((thread (sb-thread:make-thread (lambda () (* 6 7)))))
  (format t "~d~%" (sb-thread:join-thread thread)))
