val address = INetSock.toAddr (valOf (NetHostDB.fromString "192.0.2.1"), 80)

val () =
  (Socket.connect (INetSock.TCP.socket (), address); print "connected\n")
  handle OS.SysErr _ => print "refused\n"
