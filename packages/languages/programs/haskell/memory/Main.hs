import Control.Exception (evaluate)
import qualified Data.ByteString as Bytes

main :: IO ()
main = do
  pieces <- mapM (evaluate . Bytes.replicate (8 * 1024 * 1024)) [1 .. 128]
  putStrLn ("too much " ++ show (sum (map (fromIntegral . Bytes.last) pieces :: [Int])))
