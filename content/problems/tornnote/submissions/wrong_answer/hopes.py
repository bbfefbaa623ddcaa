# Sends the message as it is, and takes what is lost for a zero.
what, digits = input(), input()
print(digits.replace("?", "0"))
