(let ((line (make-string 100 :initial-element #\x)))
  (loop repeat 1000000 do (write-line line)))
