if true; then
  echo "half a program"
