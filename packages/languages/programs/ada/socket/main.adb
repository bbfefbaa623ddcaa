with Ada.Text_IO;  use Ada.Text_IO;
with GNAT.Sockets; use GNAT.Sockets;

procedure Main is
   Client : Socket_Type;
begin
   Create_Socket (Client);
   Connect_Socket (Client, (Family_Inet, Inet_Addr ("192.0.2.1"), 80));
   Put_Line ("connected");
exception
   when Socket_Error =>
      Put_Line ("refused");
end Main;
