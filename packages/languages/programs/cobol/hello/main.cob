identification division.
program-id. program-main.
procedure division.
    display "Hello, World!".
    stop run.
