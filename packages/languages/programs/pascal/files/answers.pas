unit Answers;

interface

function Answer: Integer;

implementation

function Answer: Integer;
begin
  Answer := 6 * 7;
end;

end.
