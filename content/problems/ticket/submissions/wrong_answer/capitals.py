width = int(input())
print(*input().upper().split())
