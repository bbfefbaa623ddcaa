source("answer.r")

cat(answer(), "\n", sep = "")
