coproc print $((6 * 7))
read -rp result
wait
print $result
