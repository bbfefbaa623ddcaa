module Main (main) where

import Answer (answer)

main :: IO ()
main = print answer
