puts stderr "out of order"
exit 7
