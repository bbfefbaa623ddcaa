set process [open "|echo [expr {6 * 7}]"]
gets $process answer
close $process
puts $answer
