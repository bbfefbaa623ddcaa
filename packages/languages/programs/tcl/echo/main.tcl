fconfigure stdin -translation binary
fconfigure stdout -translation binary
while {[gets stdin line] >= 0} {
    puts $line
}
