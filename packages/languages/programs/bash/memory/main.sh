printf -v piece '%*s' $((8 * 1024 * 1024)) ''
pieces=()
for ((i = 0; i < 128; i++)); do
  pieces+=("$piece")
done
echo "too much" "${#pieces[@]}"
