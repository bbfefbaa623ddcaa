(def grüße "Grüße, 世界! ∑ 🙂")
(println grüße)
