identification division.
program-id. program-main.
data division.
working-storage section.
01 result pic 99.
procedure division.
    call "answer" using result
    display result
    stop run.
