def seconds(time):
    hours, minutes, rest = map(int, time.split(":"))
    return hours * 3600 + minutes * 60 + rest


start, end = map(seconds, input().split())
run = (end - start) % 86_400
print(f"{run // 3600:02}:{run // 60 % 60:02}:{run % 60:02}")
