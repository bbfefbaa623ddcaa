identification division.
program-id. program-main.
data division.
working-storage section.
01 line-text.
    05 filler pic x(10) occurs 10 times value "0123456789".
procedure division.
    perform 1000000 times
        display line-text
    end-perform
    stop run.
