source ./repeat.sh
read -r steps
for ((step = 1; step <= steps; step++)); do
    echo "$(repeat $((2 * (steps - step))) .)$(repeat $((2 * step)) '#')"
done
