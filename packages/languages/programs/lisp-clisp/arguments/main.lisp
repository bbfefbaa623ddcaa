(dolist (argument ext:*args*)
  (write-line argument))
