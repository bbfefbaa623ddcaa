#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

struct Person {
    std::string name, place;
    int age;
};

int main() {
    std::string word;
    int n;
    std::cin >> word >> n;
    std::vector<Person> people(n);
    std::map<std::string, std::vector<int>> places;
    double sum = 0;
    for (auto &[name, place, age] : people) {
        std::cin >> name >> place >> age;
        places[place].push_back(age);
        sum += age;
    }
    if (word == "count") {
        std::cout << "  " << n << "\t" << places.size();
    } else if (word == "age") {
        std::cout << std::scientific << std::setprecision(9) << sum / n << '\n';
    } else if (word == "names") {
        std::sort(people.begin(), people.end(), [](auto &a, auto &b) { return a.name > b.name; });
        for (auto &person : people) std::cout << person.name << "  \n";
    } else if (word == "json") {
        std::cout << '{';
        const char *comma = "";
        for (auto &[place, ages] : places) {
            double all = 0;
            for (int age : ages) all += age;
            std::cout << comma << "\n\t\"" << place << "\": {\"people\": " << ages.size()
                      << ", \"mean\": " << all / static_cast<double>(ages.size()) << "}";
            comma = ",";
        }
        std::cout << "\n}\n";
    } else if (word == "letter") {
        auto oldest = std::max_element(people.begin(), people.end(), [](auto &a, auto &b) { return a.age < b.age; });
        std::cout << "Good day " << oldest->name << "!\n";
    } else if (word == "table") {
        for (auto &[name, place, age] : people) {
            std::cout << std::left << std::setw(12) << name << std::right << std::setw(4) << age << '\n';
        }
    } else {
        const char *space = "";
        for (auto &person : people) {
            std::cout << space << person.name;
            space = " ";
        }
        std::cout << '\n';
    }
}
