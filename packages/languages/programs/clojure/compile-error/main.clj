(println "half a program"
