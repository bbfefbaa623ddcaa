identification division.
program-id. program-main.
environment division.
input-output section.
file-control.
    select input-file assign to keyboard
        organization is line sequential
        file status is input-status.
data division.
file section.
fd input-file.
01 input-line pic x(4096).
working-storage section.
01 input-status pic xx.
01 line-length pic 9(5).
procedure division.
    open input input-file
    read input-file end-read
    perform until input-status not = "00"
        move function length(function trim(input-line trailing)) to line-length
        display input-line(1:line-length)
        read input-file end-read
    end-perform
    close input-file
    stop run.
