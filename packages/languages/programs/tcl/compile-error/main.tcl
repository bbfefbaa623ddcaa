if {true} {
    puts "half a program"
