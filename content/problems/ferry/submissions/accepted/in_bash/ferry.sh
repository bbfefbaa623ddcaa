crossings() {
    local each free=0
    result=0
    for each; do
        if ((each > free)); then
            ((result += 1))
            free=$deck
        fi
        ((free -= each))
    done
}
