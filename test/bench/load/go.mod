module linkerd-certs.io/bench/load

go 1.26
