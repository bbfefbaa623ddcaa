def main():
    name = input()
    print(f"Hello, {name}!")


main()
