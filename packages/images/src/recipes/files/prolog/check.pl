% Reads the clauses of files without running any: what can't be read is no program. Of the directives
% only those are obeyed that say how to read what follows.

:- initialization(main, main).

main :-
    current_prolog_flag(argv, Files),
    foldl(check, Files, 0, Errors),
    (   Errors =:= 0
    ->  halt(0)
    ;   halt(1)
    ).

check(File, Errors0, Errors) :-
    setup_call_cleanup(
        open(File, read, In, [encoding(utf8)]),
        clauses(File, In, Errors0, Errors),
        close(In)).

clauses(File, In, Errors0, Errors) :-
    catch(read_term(In, Term, [module(checked), syntax_errors(error)]), Error, true),
    (   nonvar(Error)
    ->  tell(File, Error),
        Errors1 is Errors0 + 1,
        clauses(File, In, Errors1, Errors)
    ;   Term == end_of_file
    ->  Errors = Errors0
    ;   obey(Term),
        clauses(File, In, Errors0, Errors)
    ).

tell(File, error(syntax_error(What), Where)) :-
    place(Where, Line, Column),
    !,
    format(user_error, "~w:~w:~w: syntax error: ~w~n", [File, Line, Column, What]).
tell(File, Error) :-
    message_to_string(Error, Text),
    format(user_error, "~w: error: ~s~n", [File, Text]).

place(stream(_, Line, Column, _), Line, Column).
place(file(_, Line, Column, _), Line, Column).
place(string(_, _), 1, 0).

message_to_string(Error, Text) :-
    message_to_codes(Error, Text),
    !.
message_to_string(Error, Text) :-
    format(codes(Text), "~p", [Error]).

message_to_codes(Error, Text) :-
    phrase(prolog:translate_message(Error), Lines),
    with_output_to(codes(Text), print_message_lines(current_output, '', Lines)).

obey((:- Directive)) :-
    syntax(Directive, Goal),
    catch(Goal, _, true),
    !.
obey(_).

syntax(op(Priority, Type, Names), op(Priority, Type, checked:Names)).
syntax(module(_, Exports), forall(member(op(P, T, N), Exports), op(P, T, checked:N))).
syntax(use_module(library(Name)), checked:use_module(library(Name))).
syntax(use_module(library(Name), _), checked:use_module(library(Name))).
syntax(set_prolog_flag(Flag, Value), checked:set_prolog_flag(Flag, Value)) :-
    memberchk(Flag, [double_quotes, back_quotes, rational_syntax]).
syntax((A, B), (GoalA, GoalB)) :-
    syntax(A, GoalA),
    syntax(B, GoalB).
