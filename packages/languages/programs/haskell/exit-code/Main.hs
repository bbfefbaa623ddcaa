import System.Exit (ExitCode (ExitFailure), exitWith)
import System.IO (hPutStrLn, stderr)

main :: IO ()
main = do
  hPutStrLn stderr "out of order"
  exitWith (ExitFailure 7)
