8 1024 * 1024 * constant size

: too-much ( -- )
  128 0 do
    size allocate throw
    size 1 fill
  loop ;

too-much ." too much" cr
