line <- strrep("0123456789", 10)
for (i in 1:1000000) {
  writeLines(line)
}
