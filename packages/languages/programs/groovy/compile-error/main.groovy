println('half a program'
