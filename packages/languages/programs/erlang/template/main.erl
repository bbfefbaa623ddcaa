-module(main).
-export([main/1]).

main(_) ->
    Name = string:trim(io:get_line("")),
    io:format("Hello, ~ts!~n", [Name]).
