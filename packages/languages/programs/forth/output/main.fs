: line ( -- ) 10 0 do ." 0123456789" loop cr ;
: lines ( -- ) 1000000 0 do line loop ;

lines
