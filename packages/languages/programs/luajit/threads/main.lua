local process = assert(io.popen("echo $((6 * 7))"))
print(process:read("*l"))
process:close()
