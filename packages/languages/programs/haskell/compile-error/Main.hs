main :: IO ()
main = putStrLn ("half a program"
