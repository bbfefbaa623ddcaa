// Goes through all chains, which are too many where there are many words.
#include <iostream>
#include <string>
#include <vector>

static std::vector<std::string> words;
static std::vector<bool> used;
static std::vector<int> chain, best;
static std::size_t letters, best_letters;

static void extend(char last) {
    if (letters > best_letters) best = chain, best_letters = letters;
    for (std::size_t i = 0; i < words.size(); i++) {
        if (used[i] || (last != 0 && words[i][0] != last)) continue;
        used[i] = true;
        chain.push_back(static_cast<int>(i));
        letters += words[i].size();
        extend(words[i].back());
        letters -= words[i].size();
        chain.pop_back();
        used[i] = false;
    }
}

int main() {
    int n;
    std::cin >> n;
    words.resize(n);
    for (auto &word : words) std::cin >> word;
    used.resize(n);
    extend(0);
    for (int i : best) std::cout << words[i] << '\n';
}
