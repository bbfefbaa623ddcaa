(let ((pieces (loop repeat 128
                    collect (make-array (* 8 1024 1024)
                                        :element-type '(unsigned-byte 8)
                                        :initial-element 1))))
  (format t "too much ~d~%" (length pieces)))
