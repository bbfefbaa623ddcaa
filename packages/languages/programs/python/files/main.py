from answer import answer

print(answer())
