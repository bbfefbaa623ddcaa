loop :: Int -> IO ()
loop n
  | n < 1000 = loop ((n + 1) `mod` 1000)
  | otherwise = print n

main :: IO ()
main = loop 0
