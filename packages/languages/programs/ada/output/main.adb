with Ada.Strings.Fixed; use Ada.Strings.Fixed;
with Ada.Text_IO;       use Ada.Text_IO;

procedure Main is
   Line : constant String := 10 * "0123456789";
begin
   for I in 1 .. 1_000_000 loop
      Put_Line (Line);
   end loop;
end Main;
