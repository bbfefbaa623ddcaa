-module(main).
-export([main/1]).

main(_) ->
    Pieces = [binary:copy(<<I>>, 8 * 1024 * 1024) || I <- lists:seq(1, 128)],
    io:format("too much ~w~n", [length(Pieces)]).
