create block 65536 allot

: echo ( -- )
  begin
    block 65536 stdin read-file throw
    dup while
    block swap stdout write-file throw
  repeat
  drop ;

echo
