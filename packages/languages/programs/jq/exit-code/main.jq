"out of order\n" | halt_error(7)
