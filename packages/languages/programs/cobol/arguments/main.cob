identification division.
program-id. program-main.
data division.
working-storage section.
01 argument-count pic 9(4).
01 argument pic x(1024).
procedure division.
    accept argument-count from argument-number
    perform argument-count times
        move spaces to argument
        accept argument from argument-value
        display function trim(argument trailing)
    end-perform
    stop run.
