# Buys every evening what the next day needs; fails the sample, and so nothing else is run.
n, capacity = map(int, input().split())
print(sum(map(int, input().split())))
