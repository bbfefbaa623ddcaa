def line = '0123456789' * 10
def out = new PrintWriter(System.out)
1_000_000.times { out.println line }
out.flush()
