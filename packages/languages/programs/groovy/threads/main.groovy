def result = 0
Thread.start { result = 6 * 7 }.join()
println result
