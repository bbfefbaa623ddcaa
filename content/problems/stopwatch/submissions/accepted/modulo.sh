IFS=': ' read -r h m s H M S
run=$(((10#$H - 10#$h) * 3600 + (10#$M - 10#$m) * 60 + 10#$S - 10#$s))
if ((run < 0)); then ((run += 86400)); fi
printf '%02d:%02d:%02d\n' $((run / 3600)) $((run / 60 % 60)) $((run % 60))
