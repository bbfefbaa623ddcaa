if {[catch {socket 192.0.2.1 80}]} {
    puts refused
} else {
    puts connected
}
