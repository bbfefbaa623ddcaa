-module(main).
-export([main/1]).

main(_) ->
    Line = [lists:duplicate(100, $x), $\n],
    [io:put_chars(Line) || _ <- lists:seq(1, 1000000)].
