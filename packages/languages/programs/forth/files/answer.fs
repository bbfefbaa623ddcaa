: answer ( -- n ) 6 7 * ;
