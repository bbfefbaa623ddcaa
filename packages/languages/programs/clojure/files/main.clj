(require 'answer)

(println (answer/answer))
