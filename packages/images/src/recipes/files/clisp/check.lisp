;;; Reads the forms of each file that is named, and says which are none. Which packages and macros there
;;; are is known only when the program runs, so what was read is dropped.

(defun check (path)
  (handler-case
      (with-open-file (in path)
        (let ((*read-suppress* t) (end (list nil)))
          (loop until (eq end (read in nil end))))
        t)
    (error (condition)
      (format *error-output* "~a: error: ~a~%" path condition)
      nil)))

(ext:exit (if (every #'identity (mapcar #'check ext:*args*)) 0 1))
