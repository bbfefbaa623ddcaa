n=int(input())
for i in range(n):print("."*2*(n+~i)+"##"*-~i)
