# Sums up while the lines come sorted by name, in a file of its own.
read -ra shelves
if ((${#shelves[@]} == 0)); then exit 0; fi
cat -- "${shelves[@]}" | LC_ALL=C sort -k 2 >sorted.txt

wanted() {
    local each
    for each in "${arguments[@]}"; do
        [[ $each == "$1" ]] && return 0
    done
    ((${#arguments[@]} == 0))
}

show() {
    if ((total > 0)) && wanted "$last"; then echo "$total $last"; fi
}

arguments=("$@")
last='' total=0
while read -r count goods; do
    if [[ $goods != "$last" ]]; then
        show
        last=$goods total=0
    fi
    ((total += count))
done <sorted.txt
show
