(defn greet [name]
  (println (str "Hello, " name "!")))

(greet (read-line))
