identification division.
program-id. main.
procedure division.
    call "no-such-program"
    display "it was there"
    stop run.
