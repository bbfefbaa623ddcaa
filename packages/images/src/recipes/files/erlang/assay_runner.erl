%% Compiles modules whatever their files are called, finds out where a program starts, and runs it.
-module(assay_runner).
-export([compile/0, run/0]).

%% The first file is the one whose module starts: by main/1 as in a script, main/0 or start/0.
compile() ->
    Results = [compile(File) || File <- init:get_plain_arguments()],
    case [failed || failed <- Results] of
        [] -> choose(hd(Results), hd(init:get_plain_arguments()));
        _ -> halt(1)
    end.

compile(File) ->
    Options = [binary, return, no_error_module_mismatch, {i, "."}],
    case compile:file(File, Options) of
        {ok, Module, Code, Warnings} ->
            tell("warning: ", Warnings),
            ok = file:write_file(atom_to_list(Module) ++ ".beam", Code),
            {Module, exports(Code)};
        {error, Errors, Warnings} ->
            tell("warning: ", Warnings),
            tell("error: ", Errors),
            failed
    end.

exports(Code) ->
    {ok, {_, [{exports, Exports}]}} = beam_lib:chunks(Code, [exports]),
    Exports.

choose({Module, Exports}, File) ->
    Wanted = [{main, 1}, {main, 0}, {start, 0}],
    case [Start || Start <- Wanted, lists:member(Start, Exports)] of
        [{Function, Arity} | _] ->
            ok = file:write_file(".main", io_lib:format("~tp.~n", [{Module, Function, Arity}])),
            halt(0);
        [] ->
            io:format(standard_error, "~ts: error: exports none of main/1, main/0 and start/0~n", [File]),
            halt(1)
    end.

tell(Kind, Found) ->
    [io:format(standard_error, "~ts:~ts ~ts~ts~n", [File, place(Place), Kind, Module:format_error(What)])
     || {File, Each} <- Found, {Place, Module, What} <- Each],
    ok.

place({Line, Column}) -> io_lib:format("~w:~w:", [Line, Column]);
place(Line) when is_integer(Line) -> io_lib:format("~w:", [Line]);
place(none) -> "".

%% What standard input and output are made of stays as it is for `erl -noshell`: bytes, until the
%% program says otherwise.
run() ->
    ok = io:setopts(standard_error, [{encoding, unicode}]),
    {ok, [{Module, Function, Arity}]} = file:consult(".main"),
    try apply(Module, Function, lists:sublist([init:get_plain_arguments()], Arity)) of
        _ -> halt(0)
    catch
        Class:Reason:Stack ->
            io:format(standard_error, "~ts~n", [erl_error:format_exception(Class, Reason, Stack)]),
            halt(1)
    end.
