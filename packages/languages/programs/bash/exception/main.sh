set -o nounset

echo "$nothing"
