# Writes well, but can't read: int("?") raises an exception in the second run.
what, digits = input(), input()
total = sum(int(digit) for digit in digits)
print(digits + str(total % 10) if what == "write" else digits[:-1])
