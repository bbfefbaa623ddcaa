program Main;

begin
  WriteLn('half a program';
end.
