program Main;

uses
  SysUtils;

begin
  WriteLn(StrToInt('three'));
end.
