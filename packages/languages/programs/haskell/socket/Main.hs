{-# LANGUAGE ForeignFunctionInterface #-}

import Data.Word (Word8)
import Foreign.C.Types (CInt (..))
import Foreign.Marshal.Array (withArray)
import Foreign.Ptr (Ptr)

foreign import ccall "socket" cSocket :: CInt -> CInt -> CInt -> IO CInt

foreign import ccall "connect" cConnect :: CInt -> Ptr Word8 -> CInt -> IO CInt

-- struct sockaddr_in: AF_INET, port 80, 192.0.2.1
address :: [Word8]
address = [2, 0, 0, 80, 192, 0, 2, 1] ++ replicate 8 0

main :: IO ()
main = do
  client <- cSocket 2 1 0
  result <- withArray address (\pointer -> cConnect client pointer 16)
  putStrLn (if client < 0 || result /= 0 then "refused" else "connected")
