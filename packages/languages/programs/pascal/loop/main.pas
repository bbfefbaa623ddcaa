program Main;

var
  N: Integer;

begin
  N := 0;
  while True do
    N := (N + 1) mod 1000;
end.
