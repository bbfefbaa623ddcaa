import std/net

try:
  let client = newSocket()
  client.connect("192.0.2.1", Port(80))
  echo "connected"
except OSError:
  echo "refused"
