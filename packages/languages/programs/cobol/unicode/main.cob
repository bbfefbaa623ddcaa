identification division.
program-id. program-main.
procedure division.
    display "Grüße, 世界! ∑ 🙂".
    stop run.
