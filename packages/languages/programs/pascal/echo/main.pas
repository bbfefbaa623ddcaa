program Main;

{$H+}

var
  Line: string;

begin
  while not Eof do
  begin
    ReadLn(Line);
    WriteLn(Line);
  end;
end.
