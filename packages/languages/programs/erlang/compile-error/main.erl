-module(main).
-export([main/1]).

main(_) ->
    io:format("half a program".
