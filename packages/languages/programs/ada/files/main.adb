with Ada.Integer_Text_IO;
with Ada.Text_IO;
with Answers;

procedure Main is
begin
   Ada.Integer_Text_IO.Put (Answers.Answer, Width => 0);
   Ada.Text_IO.New_Line;
end Main;
