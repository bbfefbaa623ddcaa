# For each car, loads the ferry from the first car on again.
def crossings(length):
    count = 0
    for last in range(1, len(length) + 1):
        count = free = 0
        for each in length[:last]:
            if each > free:
                count += 1
                free = {{deck}}
            free -= each
    return count
