(with-open-stream (answer (ext:run-program "expr" :arguments '("6" "*" "7") :output :stream))
  (write-line (read-line answer)))
