input <- file("stdin", "r")
while (length(line <- readLines(input, n = 1, encoding = "UTF-8")) > 0) {
  writeLines(line, useBytes = TRUE)
}
