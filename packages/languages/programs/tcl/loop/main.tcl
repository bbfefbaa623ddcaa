set n 0
while {true} {
    set n [expr {($n + 1) % 1000}]
}
