def crossings(length):
    count = free = 0
    for each in length:
        if each > free:
            count += 1
            free = {{deck}}
        free -= each
    return count
