-module(main).
-export([main/1]).

main(Arguments) ->
    io:setopts([{encoding, unicode}]),
    [io:format("~ts~n", [Argument]) || Argument <- Arguments].
