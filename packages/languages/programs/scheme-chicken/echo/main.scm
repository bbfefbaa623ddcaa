(import (chicken io))

(let loop ((line (read-line)))
  (unless (eof-object? line)
    (write-line line)
    (loop (read-line))))
