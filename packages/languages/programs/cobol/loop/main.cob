identification division.
program-id. program-main.
data division.
working-storage section.
01 n pic 9(9) binary value 0.
procedure division.
    perform until n = 1000
        add 1 to n
        if n > 998
            move 0 to n
        end-if
    end-perform
    stop run.
