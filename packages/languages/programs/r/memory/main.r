pieces <- list()
for (i in 1:128) {
  pieces[[i]] <- rep(1, 1024 * 1024)
}
cat("too much", length(pieces), "\n")
