(format *error-output* "out of order~%")
(ext:exit 7)
