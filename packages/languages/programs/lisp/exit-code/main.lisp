(format *error-output* "out of order~%")
(sb-ext:exit :code 7)
