import std/net

let client = newSocket()
try:
  client.connect("192.0.2.1", Port(80))
  echo "connected"
except OSError:
  echo "refused"
