def crossings(length):
    return -(-sum(length) // {{deck}})
