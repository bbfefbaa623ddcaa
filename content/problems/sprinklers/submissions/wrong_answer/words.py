print("one sprinkler, in the middle")
