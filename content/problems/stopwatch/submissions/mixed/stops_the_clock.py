# @EXPECTED_RESULTS@: CORRECT
start, end = ([int(part) for part in time.split(":")] for time in input().split())
run = [late - early for early, late in zip(start, end)]
for place, full in ((2, 60), (1, 60), (0, 24)):
    if run[place] < 0:
        run[place] += full
        if place > 0:
            run[place - 1] -= 1
print(":".join(f"{part:02}" for part in run))
