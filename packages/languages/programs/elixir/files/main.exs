Code.require_file("answer.ex")

IO.puts(apply(Answer, :answer, []))
