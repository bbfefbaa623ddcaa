program Main;

uses
  Sockets;

var
  Client: LongInt;
  Address: TInetSockAddr;

begin
  Client := fpSocket(AF_INET, SOCK_STREAM, 0);
  FillChar(Address, SizeOf(Address), 0);
  Address.sin_family := AF_INET;
  Address.sin_port := htons(80);
  Address.sin_addr := StrToNetAddr('192.0.2.1');
  if (Client < 0) or (fpConnect(Client, @Address, SizeOf(Address)) <> 0) then
    WriteLn('refused')
  else
    WriteLn('connected');
end.
