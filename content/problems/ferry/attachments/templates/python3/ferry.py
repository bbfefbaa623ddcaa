def crossings(length):
    return 0
