import Control.Monad (replicateM_)

main :: IO ()
main = replicateM_ 1000000 (putStrLn (concat (replicate 10 "0123456789")))
