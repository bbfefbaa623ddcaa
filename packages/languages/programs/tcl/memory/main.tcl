set pieces {}
for {set i 0} {$i < 128} {incr i} {
    lappend pieces [string repeat [format %c [expr {65 + $i % 26}]] [expr {8 * 1024 * 1024}]]
}
puts "too much [llength $pieces]"
