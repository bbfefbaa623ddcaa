(define grüße "Grüße, 世界! ∑ 🙂")
(display grüße)
(newline)
