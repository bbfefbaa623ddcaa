what, digits = input(), input()
if what == "write":
    print(digits + str(sum(map(int, digits)) % 10))
else:
    body, check = digits[:-1], digits[-1]
    if check != "?":
        known = sum(int(digit) for digit in body if digit != "?")
        body = body.replace("?", str((int(check) - known) % 10))
    print(body)
