(dolist (argument (cdr (member "--script" sb-ext:*posix-argv* :test #'string=)))
  (write-line argument))
