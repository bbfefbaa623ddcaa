#include <arpa/inet.h>
#include <iostream>
#include <sys/socket.h>

int main() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(80);
    inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    bool failed = client < 0 || connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0;
    std::cout << (failed ? "refused" : "connected") << '\n';
}
