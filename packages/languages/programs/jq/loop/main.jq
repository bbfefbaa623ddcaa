last(0 | recurse((. + 1) % 1000))
