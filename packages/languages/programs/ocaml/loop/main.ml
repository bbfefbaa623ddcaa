let () =
  let n = ref 0 in
  while true do
    n := (!n + 1) mod 1000
  done
