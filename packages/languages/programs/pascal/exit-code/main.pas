program Main;

begin
  WriteLn(StdErr, 'out of order');
  Halt(7);
end.
