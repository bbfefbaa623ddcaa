deck={{deck}}
source ./ferry.sh
read -r _
read -ra length
crossings "${length[@]}"
echo "$result"
