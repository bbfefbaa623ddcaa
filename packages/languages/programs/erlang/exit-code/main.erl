-module(main).
-export([main/1]).

main(_) ->
    io:format(standard_error, "out of order~n", []),
    halt(7).
