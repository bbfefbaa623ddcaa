create name 80 allot

: greet ( -- )
  name 80 stdin read-line throw drop
  ." Hello, " name swap type ." !" cr ;

greet
