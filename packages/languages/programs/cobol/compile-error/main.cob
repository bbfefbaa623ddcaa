identification division.
program-id. program-main.
procedure division.
    display "half a program" upon.
    stop run
