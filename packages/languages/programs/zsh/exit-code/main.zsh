print -u2 "out of order"
exit 7
