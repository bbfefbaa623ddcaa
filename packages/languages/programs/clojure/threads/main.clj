(println @(future (* 6 7)))
(shutdown-agents)
