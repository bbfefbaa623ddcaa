: grüße ( -- ) ." Grüße, 世界! ∑ 🙂" cr ;

grüße
