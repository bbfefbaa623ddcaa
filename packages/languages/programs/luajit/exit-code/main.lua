io.stderr:write("out of order\n")
os.exit(7)
