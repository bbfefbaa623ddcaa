-module(main).
-export([main/1]).

main(_) ->
    Grüße = "Grüße, 世界! ∑ 🙂",
    io:format("~ts~n", [Grüße]).
