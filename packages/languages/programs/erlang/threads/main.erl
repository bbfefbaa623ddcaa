-module(main).
-export([main/1]).

main(_) ->
    Self = self(),
    spawn(fun() -> Self ! {answer, 6 * 7} end),
    receive
        {answer, Answer} -> io:format("~w~n", [Answer])
    end.
