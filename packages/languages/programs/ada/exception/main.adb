with Ada.Command_Line; use Ada.Command_Line;
with Ada.Text_IO;      use Ada.Text_IO;

procedure Main is
   Numbers : constant array (1 .. 3) of Integer := (1, 2, 3);
begin
   Put_Line (Integer'Image (Numbers (Argument_Count + 4)));
end Main;
