: half ( -- ) if ." a program" ;
