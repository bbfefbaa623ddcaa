warn "out of order"
exit 7
