identification division.
program-id. main.
procedure division.
    display "half a program" upon.
    stop run
