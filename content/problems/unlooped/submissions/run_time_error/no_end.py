# Goes on until a zero, which never comes: the recursion gets too deep.
def steps(x):
    return -1 if x == 0 else 1 + steps(3 * x + 1 if x % 2 else x // 2)


print(steps(int(input())))
