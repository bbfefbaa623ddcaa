with Ada.Text_IO; use Ada.Text_IO;

procedure Main is
   Size : constant := 8 * 1024 * 1024;
   type Byte is mod 256;
   type Bytes is array (1 .. Size) of Byte;
   type Piece is access Bytes;

   Pieces : array (1 .. 128) of Piece;
   Sum    : Long_Long_Integer := 0;
begin
   for I in Pieces'Range loop
      Pieces (I) := new Bytes'(others => 1);
   end loop;
   for I in Pieces'Range loop
      Sum := Sum + Long_Long_Integer (Pieces (I).all (I));
   end loop;
   Put_Line ("too much" & Sum'Image);
end Main;
