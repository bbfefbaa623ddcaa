-module(main).
-export([main/1]).

main(_) ->
    io:format("~w~n", [lists:nth(4, [1, 2, 3])]).
