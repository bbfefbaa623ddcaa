: divide ( n n -- n ) / ;

1 0 divide .
