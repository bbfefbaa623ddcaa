# The right words, but not where they belong.
width = int(input())
print(*input().split())
