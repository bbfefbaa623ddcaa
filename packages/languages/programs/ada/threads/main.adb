with Ada.Text_IO; use Ada.Text_IO;

procedure Main is
   task Worker is
      entry Result (Value : out Integer);
   end Worker;

   task body Worker is
      Computed : constant Integer := 6 * 7;
   begin
      accept Result (Value : out Integer) do
         Value := Computed;
      end Result;
   end Worker;

   Answer : Integer;
begin
   Worker.Result (Answer);
   Put_Line (Answer'Image (2 .. Answer'Image'Last));
end Main;
