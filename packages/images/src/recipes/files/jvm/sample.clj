;; What programs usually are made of: which classes it needs for that is found out by running it.
(ns sample
  (:require [clojure.string :as string]
            [clojure.set :as set]))

(defrecord Point [x y])
(defprotocol Shape (area [this]))
(extend-type Point Shape (area [this] (* (:x this) (:y this))))
(defmulti describe :kind)
(defmethod describe :default [_] "none")

(defn gcd [a b] (if (zero? b) a (recur b (mod a b))))

(def memory (atom {}))

(defn -main [& args]
  (let [sum (reduce + (map count (mapcat #(string/split % #"\s+") (line-seq (java.io.BufferedReader. *in*)))))
        groups (group-by #(if (even? %) "even" "odd") (range 10))]
    (doseq [[key values] (sort groups)] (println (str key ":") (seq values)))
    (swap! memory assoc :sum sum)
    (try
      (println (area (->Point 2 3)) (describe {:kind :other}) (set/union #{1} #{2}) (gcd 12 18))
      (loop [i 0] (when (< i 3) (recur (inc i))))
      (println (format "%.2f" 1.5) (for [a [1 2] b [3] :when (odd? a)] [a b]) (Integer/parseInt (or (first args) "1")))
      (catch NumberFormatException error (println (.getMessage error)))
      (finally (flush)))))

(apply -main *command-line-args*)
