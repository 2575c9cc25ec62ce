package tiny

import "ipledger/testnet/ports"

// FreePort is a loopback address that nobody listens on and that no other test is
// given. It panics where there is none.
func FreePort() string {
	addr, err := ports.Free()
	if err != nil {
		panic(err)
	}
	return addr
}
