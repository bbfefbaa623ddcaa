def numbers = [1, 2, 3] as int[]
println numbers[3]
