(let [line (apply str (repeat 10 "0123456789"))]
  (dotimes [_ 1000000]
    (println line)))
