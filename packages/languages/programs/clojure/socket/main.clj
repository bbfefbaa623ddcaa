(println
  (try
    (with-open [socket (java.net.Socket.)]
      (.connect socket (java.net.InetSocketAddress. "192.0.2.1" 80) 2000)
      "connected")
    (catch java.io.IOException _ "refused")))
