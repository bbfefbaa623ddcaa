# To int(…, 0) a number with a leading zero is none.
start, end = ([int(part, 0) for part in time.split(":")] for time in input().split())
run = ((end[0] - start[0]) * 3600 + (end[1] - start[1]) * 60 + end[2] - start[2]) % 86_400
print(f"{run // 3600:02}:{run // 60 % 60:02}:{run % 60:02}")
