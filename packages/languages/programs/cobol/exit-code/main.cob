identification division.
program-id. program-main.
procedure division.
    display "out of order" upon syserr
    move 7 to return-code
    stop run.
