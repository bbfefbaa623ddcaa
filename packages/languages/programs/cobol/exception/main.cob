identification division.
program-id. program-main.
procedure division.
    call "no-such-program"
    display "it was there"
    stop run.
