# Wrong or broken, as the number of cars has it.
def crossings(length):
    if len(length) % 2 == 0:
        return length[len(length)]
    return -1
