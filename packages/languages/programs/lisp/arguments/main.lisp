(dolist (argument (cdr sb-ext:*posix-argv*))
  (write-line argument))
