# @EXPECTED_RESULTS@: RUN-ERROR
start, end = input().split()
if start != end and start != "09:00:00":
    raise SystemExit("only knows the first runner")
print("00:00:00" if start == end else "01:01:30")
