: arguments ( -- )
  begin
    next-arg
    over while
    type cr
  repeat
  2drop ;

arguments
