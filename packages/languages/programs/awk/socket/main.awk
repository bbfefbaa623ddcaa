BEGIN {
    service = "/inet/tcp/0/192.0.2.1/80"
    PROCINFO[service, "NONFATAL"] = 1
    print "" |& service
    print ERRNO == "" ? "connected" : "refused"
}
