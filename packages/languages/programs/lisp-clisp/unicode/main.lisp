(defvar *grüße* "Grüße, 世界! ∑ 🙂")
(write-line *grüße*)
