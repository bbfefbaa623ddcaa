val result = ref 0
val lock = Thread.Mutex.mutex ()
val finished = Thread.ConditionVar.conditionVar ()

fun compute () =
  (Thread.Mutex.lock lock;
   result := 6 * 7;
   Thread.ConditionVar.signal finished;
   Thread.Mutex.unlock lock)

val () = Thread.Mutex.lock lock
val _ = Thread.Thread.fork (compute, [])
val () = while !result = 0 do Thread.ConditionVar.wait (finished, lock)
val () = print (Int.toString (!result) ^ "\n")
