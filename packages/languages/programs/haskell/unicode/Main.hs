grüße :: String
grüße = "Grüße, 世界! ∑ 🙂"

main :: IO ()
main = putStrLn grüße
