import json

word, n = input().split()
people = [(name, place, int(age)) for name, place, age in (input().split() for _ in range(int(n)))]
places = {}
for name, place, age in people:
    places.setdefault(place, []).append(age)
if word == "count":
    print(len(people), len(places), sep="\n")
elif word == "age":
    print(f"{sum(age for _, _, age in people) / len(people):.2f}")
elif word == "names":
    for name, _, _ in reversed(people):
        print(name)
elif word == "json":
    print(json.dumps({place: {"mean": round(sum(ages) / len(ages), 3), "people": len(ages)} for place, ages in places.items()}))
elif word == "letter":
    print("Dear", max(people, key=lambda person: person[2])[0] + ",")
elif word == "table":
    for name, _, age in people:
        print(f"{name:12}{age:4}")
else:
    print(*(name.upper() for name, _, _ in people))
