# Makes the list of lists for every number of switches, and then all of them again.
n, word = input().split()
tours = []
while True:
    tours.append([word] * 1_000_000)
