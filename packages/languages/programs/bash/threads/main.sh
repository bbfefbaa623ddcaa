echo $((6 * 7)) >answer &
wait "$!"
read -r answer <answer
echo "$answer"
