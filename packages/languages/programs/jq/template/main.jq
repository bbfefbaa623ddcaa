input | "Hello, \(.)!"
