// hikers input answer feedback/ [--par VISITS] < posts that the submission goes to > their altitudes
//
// With a par, more visits than that cost a part of the points.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "trail.h"

namespace {

constexpr int accepted = 42, rejected = 43, most_visits = 1000;

std::string feedback;

[[noreturn]] void end(int code, const std::string &message) {
    std::ofstream(feedback + "judgemessage.txt") << message << '\n';
    std::exit(code);
}

/** Reads a whole number of at most ten digits. */
long long post_in(const std::string &word, long long n) {
    if (word.empty() || word.size() > 10 || word.find_first_not_of("0123456789") != std::string::npos) {
        end(rejected, "\"" + word.substr(0, 20) + "\" is not a post");
    }
    const long long post = std::stoll(word);
    if (post < 1 || post > n) end(rejected, "there is no post " + word);
    return post;
}

} // namespace

int main(int argc, char **argv) {
    if (argc < 4) return 1;
    // A submission that is gone already must not take the validator with it.
    std::signal(SIGPIPE, SIG_IGN);
    feedback = argv[3];
    const int par = argc == 6 && std::string(argv[4]) == "--par" ? std::atoi(argv[5]) : 0;
    long long n, summit;
    unsigned long long seed;
    if (!(std::ifstream(argv[1]) >> n >> summit >> seed)) return 1;
    const Trail trail(summit, seed);

    std::cout << n << std::endl;
    int visits = 0;
    std::string what, where;
    while (std::cin >> what >> where) {
        if (what == "!") {
            const long long said = post_in(where, n);
            if (said != summit) {
                end(rejected, "said " + where + ", the summit is at " + std::to_string(summit));
            }
            if (std::cin >> what) end(rejected, "the output goes on after the answer");
            if (par > 0 && visits > par) {
                std::ofstream(feedback + "score_multiplier.txt") << static_cast<double>(par) / visits << '\n';
                std::ofstream(feedback + "teammessage.txt") << visits << " visits are more than needed.\n";
            }
            end(accepted, std::to_string(visits) + " visits");
        }
        if (what != "?") end(rejected, "neither ? nor !: \"" + what.substr(0, 20) + "\"");
        const long long post = post_in(where, n);
        if (++visits > most_visits) end(rejected, "more than 1000 visits");
        std::cout << trail.altitude(post) << std::endl;
    }
    end(rejected, "the output ends without an answer");
}
