def crossings(length):
    count = at = 0
    while at < len(length):
        taken = 0
        while taken + length[at] <= {{deck}}:
            taken += length[at]
            at += 1
        count += 1
    return count
