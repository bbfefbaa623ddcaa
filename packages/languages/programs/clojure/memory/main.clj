(def pieces
  (vec (repeatedly 128 #(doto (byte-array (* 8 1024 1024))
                          (java.util.Arrays/fill (byte 1))))))
(println "too much" (count pieces))
