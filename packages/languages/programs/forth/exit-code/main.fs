s" out of order" stderr write-line throw
7 (bye)
