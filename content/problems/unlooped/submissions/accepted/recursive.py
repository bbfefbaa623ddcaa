def steps(x):
    if x == 1:
        return 0
    return 1 + steps(3 * x + 1 if x % 2 else x // 2)


print(steps(int(input())))
