identification division.
program-id. program-main.
data division.
working-storage section.
01 child usage binary-long.
01 result pic 99.
procedure division.
    call static "fork" returning child
    if child = 0
        multiply 6 by 7 giving result
        display result
    else
        call static "wait" using by value 0
    end-if
    move 0 to return-code
    stop run.
