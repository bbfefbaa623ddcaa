local ffi = require("ffi")
ffi.cdef([[
struct address { uint16_t family; uint16_t port; uint32_t host; uint8_t zero[8]; };
int socket(int domain, int type, int protocol);
int connect(int socket, const struct address *address, uint32_t length);
]])

-- 192.0.2.1 port 80, both with the first byte first.
local address = ffi.new("struct address", { 2, 80 * 256, 192 + 2 * 65536 + 16777216 })
local socket = ffi.C.socket(2, 1, 0)
if socket >= 0 and ffi.C.connect(socket, address, ffi.sizeof(address)) == 0 then
  print("connected")
else
  print("refused")
end
