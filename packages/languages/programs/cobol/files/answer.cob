identification division.
program-id. answer.
data division.
linkage section.
01 result pic 99.
procedure division using result.
    multiply 6 by 7 giving result.
    goback.
