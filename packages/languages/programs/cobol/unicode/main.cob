identification division.
program-id. main.
procedure division.
    display "Grüße, 世界! ∑ 🙂".
    stop run.
