program Main;

uses
  Answers;

begin
  WriteLn(Answer);
end.
