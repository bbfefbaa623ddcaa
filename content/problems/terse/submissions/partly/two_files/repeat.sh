# repeat COUNT CHARACTER
repeat() {
    local line
    printf -v line "%$1s" ""
    printf %s "${line// /$2}"
}
