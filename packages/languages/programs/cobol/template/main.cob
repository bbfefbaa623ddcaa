identification division.
program-id. program-main.
data division.
working-storage section.
01 user-name pic x(100).
procedure division.
    accept user-name
    display "Hello, " function trim(user-name) "!"
    stop run.
