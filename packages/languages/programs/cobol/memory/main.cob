identification division.
program-id. program-main.
data division.
working-storage section.
01 piece usage pointer.
01 piece-size pic 9(9) binary value 8388608.
linkage section.
01 bytes pic x(8388608).
procedure division.
    perform 128 times
        allocate piece-size characters returning piece
        set address of bytes to piece
        move all "1" to bytes
    end-perform
    display "too much"
    stop run.
