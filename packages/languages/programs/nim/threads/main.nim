var result: int

proc compute() {.thread.} =
  result = 6 * 7

var worker: Thread[void]
createThread(worker, compute)
joinThread(worker)
echo result
