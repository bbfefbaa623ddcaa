source [file join [file dirname [info script]] answer.tcl]

puts [answer]
