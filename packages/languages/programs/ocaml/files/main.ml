let () = Printf.printf "%d\n" (Answer.answer ())
