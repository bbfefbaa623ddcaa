-module(answer).
-export([answer/0]).

answer() -> 6 * 7.
