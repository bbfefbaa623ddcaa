job <- parallel::mcparallel(6 * 7)
cat(parallel::mccollect(job)[[1]], "\n", sep = "")
