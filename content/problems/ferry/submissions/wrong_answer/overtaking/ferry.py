# Lets smaller cars overtake while there is room.
def crossings(length):
    count, waiting = 0, list(length)[:2000]
    while waiting:
        free, rest = {{deck}}, []
        for each in waiting:
            if each <= free:
                free -= each
            else:
                rest.append(each)
        count, waiting = count + 1, rest
    return count
