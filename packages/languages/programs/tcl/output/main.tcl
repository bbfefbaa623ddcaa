set line [string repeat 0123456789 10]
for {set i 0} {$i < 1000000} {incr i} {
    puts $line
}
