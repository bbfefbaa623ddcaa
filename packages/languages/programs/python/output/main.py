line = "0123456789" * 10
for _ in range(1_000_000):
    print(line)
