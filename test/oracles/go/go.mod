module identity-oracle

go 1.26
