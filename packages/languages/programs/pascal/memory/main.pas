program Main;

const
  Size = 8 * 1024 * 1024;

var
  Pieces: array[1..128] of PByte;
  I: Integer;
  Sum: Int64;

begin
  for I := 1 to 128 do
  begin
    GetMem(Pieces[I], Size);
    FillChar(Pieces[I]^, Size, 1);
  end;
  Sum := 0;
  for I := 1 to 128 do
    Sum := Sum + Pieces[I][I];
  WriteLn('too much ', Sum);
end.
