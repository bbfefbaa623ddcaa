proc answer {} {
    return [expr {6 * 7}]
}
