import Control.Concurrent (forkIO)
import Control.Concurrent.MVar (newEmptyMVar, putMVar, takeMVar)

main :: IO ()
main = do
  result <- newEmptyMVar
  _ <- forkIO (putMVar result (6 * 7 :: Int))
  takeMVar result >>= print
