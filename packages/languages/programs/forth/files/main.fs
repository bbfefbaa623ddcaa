require ./answer.fs

answer 0 .r cr
