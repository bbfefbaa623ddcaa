// vault input answer feedback/ < lines of the watchman > lines to him
//
// The number, which night it is and the note are kept in the feedback directory. That nextpass.in is
// there means that another night follows; the submission can't see what it holds.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

namespace {

constexpr int accepted = 42, rejected = 43, nights = 4, questions = 7;
constexpr long long most = 1'000'000;

std::string feedback;

[[noreturn]] void end(int code, const std::string &message) {
    std::ofstream(feedback + "judgemessage.txt", std::ios::app) << message << '\n';
    std::exit(code);
}

bool is_note(const std::string &word) {
    const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    return !word.empty() && word.size() <= 20 && word.find_first_not_of(letters) == std::string::npos;
}

long long number_in(const std::string &word) {
    if (word.empty() || word.size() > 7 || word.find_first_not_of("0123456789") != std::string::npos) {
        end(rejected, "\"" + word.substr(0, 20) + "\" is not a number");
    }
    return std::stoll(word);
}

} // namespace

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    // A submission that is gone already must not take the validator with it.
    std::signal(SIGPIPE, SIG_IGN);
    feedback = argv[3];
    long long x;
    int night = 1;
    std::string note = "-";
    if (std::ifstream bedside(feedback + "bedside.txt"); bedside) {
        if (!(bedside >> x >> night >> note)) return 1;
        night++;
    } else if (!(std::ifstream(argv[1]) >> x)) {
        return 1;
    }

    std::cout << "night " << night << '\n' << note << std::endl;
    int asked = 0;
    std::string command, word;
    while (std::cin >> command >> word) {
        const std::string when = "night " + std::to_string(night) + ": ";
        if (command == "ask") {
            const long long y = number_in(word);
            if (y < 1 || y > most) end(rejected, when + "there is no number " + word);
            if (++asked > questions) end(rejected, when + "more than seven questions");
            std::cout << (x < y ? "less" : x > y ? "more" : "same") << std::endl;
        } else if (command == "open") {
            if (number_in(word) != x) end(rejected, when + "opens " + word + " instead of " + std::to_string(x));
            if (std::cin >> word) end(rejected, when + "the output goes on");
            end(accepted, when + "opened");
        } else if (command == "sleep") {
            if (!is_note(word)) end(rejected, when + "the note is too long or has other characters");
            if (night == nights) end(rejected, when + "there is no other night");
            if (std::cin >> command) end(rejected, when + "the output goes on");
            std::ofstream(feedback + "bedside.txt") << x << ' ' << night << ' ' << word << '\n';
            std::ofstream(feedback + "nextpass.in") << x << '\n';
            end(accepted, when + std::to_string(asked) + " questions, sleeps with " + word);
        } else {
            end(rejected, when + "unknown command \"" + command.substr(0, 20) + "\"");
        }
    }
    end(rejected, "the output ends without a decision");
}
