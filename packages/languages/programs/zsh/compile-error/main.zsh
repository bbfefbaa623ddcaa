if print "half a program"; then
