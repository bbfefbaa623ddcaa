local numbers = nil
print(numbers[1])
