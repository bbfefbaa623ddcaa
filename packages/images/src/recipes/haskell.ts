import { upon } from "../recipe.ts";
import { gcc } from "./gcc.ts";

/** GHC with the libraries that it brings along: containers, bytestring, text, mtl, stm and others. */
export const haskell = upon(gcc, {
  name: "haskell",
  description: "GHC 9.0 for Haskell, and bash",
  packages: ["ghc"],
  buildBytes: 2_500e6,
  // The compiler links by gold; the list of its libraries lies in var/lib.
  keep: ["usr/bin/{*ld.gold,gold}", "var/{backups,cache,lib,local,lock,log,mail,run,spool,tmp}"],
  remove: [
    "var/{backups,cache,local,lock,log,mail,run,spool,tmp}",
    "var/lib/{apt,dpkg,misc,pam,polkit-1,systemd}",
    // What builds packages and documentation, and the interpreter's copies of the libraries: 500 of 870 MB.
    "usr/lib/ghc/bin/{ghc-iserv*,haddock,hp2ps,hpc,hsc2hs}",
    "usr/bin/{ghci*,haddock*,hp2ps*,hpc*,hsc2hs*}",
    "usr/lib/ghc/{html,latex}",
    "usr/lib/ghc/{Cabal,ghc-[0-9]}*/**/*.{a,hi,dyn_hi,o}",
    "usr/lib/ghc/ghci-*/**/*.{a,hi,dyn_hi,o}",
    "usr/lib/ghc/*/HS*.o",
    "var/lib/ghc/package.conf.d/{Cabal,ghc-[0-9],ghci,libiserv,haskeline,hpc}*.conf",
  ],
  // The list's tool needs the packages' library for this one time.
  finish: [
    [
      "sh",
      "-euc",
      "ghc-pkg recache --global --no-user-package-db; rm -rf /usr/lib/ghc/Cabal-* /usr/lib/ghc/bin/ghc-pkg /usr/bin/ghc-pkg*",
    ],
  ],
  probes: [
    {
      argv: [
        "sh",
        "-euc",
        `
cd /tmp
cat >Main.hs <<'end'
import Control.Concurrent.STM (atomically, newTVar, readTVar)
import Control.Monad.State (evalState, get, modify)
import Data.Array.ST (newArray, readArray, runSTUArray, writeArray)
import Data.Array.Unboxed ((!))
import qualified Data.ByteString.Char8 as Bytes
import qualified Data.IntMap.Strict as IntMap
import qualified Data.Map.Strict as Map
import qualified Data.Sequence as Seq
import qualified Data.Set as Set
import qualified Data.Text as Text
import Data.Time.Clock (getCurrentTime)
import System.Directory (getCurrentDirectory)
import System.Process (readProcess)
import Text.Parsec (digit, many1, parse)

main :: IO ()
main = do
  _ <- getCurrentTime
  _ <- getCurrentDirectory
  n <- atomically (newTVar (42 :: Int) >>= readTVar)
  let numbers = runSTUArray (do a <- newArray (0, 9) (0 :: Int); writeArray a 3 n; return a)
      found = Map.fromList [(Set.size (Set.fromList "abc"), IntMap.singleton 1 (numbers ! 3))]
  print (evalState (modify (+ Seq.length (Seq.fromList "ab")) >> get) 40, Text.length (Text.pack "ab"), found)
  Bytes.putStrLn (Bytes.pack (either show id (parse (many1 digit) "" "42x")))
  readProcess "echo" ["42"] "" >>= putStr
end
ghc -v0 -O -optl-static -rtsopts=ignoreAll -outputdir /tmp/build -o probe Main.hs
./probe
`,
      ],
      stdout: "(42,2,fromList [(3,fromList [(1,42)])])\n42\n42\n",
    },
  ],
});
