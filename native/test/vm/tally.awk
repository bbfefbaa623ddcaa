# Reads what the guest said and prints a line per part of the plan, then "N passed, N failed[, N skipped]".
# A part that ends without a summary of its own has failed, whatever its exit code; so has a machine
# that did not come to the end of its plan. Exits with 1 when anything failed.

function finish(code,   verdict) {
  if (part ~ /^[^ ]+ sh /) { counted = 1; part_passed += code == 0 }
  if (!counted || (code != 0 && part_failed == 0)) part_failed++
  verdict = part_failed ? "FAIL" : part_passed ? "ok  " : "skip"
  printf "%s %s: %d passed, %d failed, %d skipped\n", verdict, part, part_passed, part_failed, part_skipped
  passed += part_passed; failed += part_failed; skipped += part_skipped
  part = ""
}

/^@begin / {
  part = substr($0, 8); counted = part_passed = part_failed = part_skipped = 0
  next
}
/^@end / { finish($2); next }
/^@done$/ { done = 1; next }
part == "" { next }
/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
  counted = 1; part_passed += $1; part_failed += $3; part_skipped += $5
}
# The attack suite's summary: "N attacks held, N controls noticed, N failed", with what is weaker or skipped.
/^[0-9]+ attacks held, [0-9]+ controls noticed, .*[0-9]+ failed/ {
  counted = 1; part_passed += $1 + $4
  for (i = 6; i < NF + 1; i++) if ($i ~ /^failed/) part_failed += $(i - 1)
}

END {
  if (part != "") { part = part " (the machine ended in it)"; counted = 0; finish(1) }
  else if (!done) { print "FAIL the machine did not come to the end of its plan"; failed++ }
  if (skipped) printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  else printf "%d passed, %d failed\n", passed, failed
  exit failed > 0
}
