stderr.writeLine "out of order"
quit 7
