connect <- function() socketConnection("192.0.2.1", 80, timeout = 2)
connected <- tryCatch({
  suppressWarnings(connect())
  TRUE
}, error = function(problem) FALSE)
cat(if (connected) "connected\n" else "refused\n")
