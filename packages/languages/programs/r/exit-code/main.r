message("out of order")
quit(status = 7)
