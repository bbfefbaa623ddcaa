def out = new PrintWriter(System.out)
System.in.eachLine { out.println it }
out.flush()
