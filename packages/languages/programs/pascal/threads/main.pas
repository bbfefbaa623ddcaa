program Main;

{$mode objfpc}

uses
  cthreads, Classes;

type
  TWorker = class(TThread)
  public
    Answer: Integer;
  protected
    procedure Execute; override;
  end;

procedure TWorker.Execute;
begin
  Answer := 6 * 7;
end;

var
  Worker: TWorker;

begin
  Worker := TWorker.Create(False);
  Worker.WaitFor;
  WriteLn(Worker.Answer);
  Worker.Free;
end.
