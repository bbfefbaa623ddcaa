for argument; do
  print -r -- "$argument"
done
