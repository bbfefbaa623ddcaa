identification division.
program-id. main.
procedure division.
    display "Hello, World!".
    stop run.
