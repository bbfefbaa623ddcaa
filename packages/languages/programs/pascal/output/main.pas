program Main;

uses
  StrUtils;

var
  Line: AnsiString;
  I: LongInt;

begin
  Line := DupeString('0123456789', 10);
  for I := 1 to 1000000 do
    WriteLn(Line);
end.
