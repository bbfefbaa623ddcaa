System.err.println 'out of order'
System.exit 7
