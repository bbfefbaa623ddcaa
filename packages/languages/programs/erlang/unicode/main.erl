-module(main).
-export([main/1]).

main(_) ->
    io:setopts([{encoding, unicode}]),
    Grüße = "Grüße, 世界! ∑ 🙂",
    io:format("~ts~n", [Grüße]).
