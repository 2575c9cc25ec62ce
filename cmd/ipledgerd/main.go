// Ipledgerd is the operators' program of the ledger of Internet number resources: it makes a genesis,
// runs a node, and starts a whole test network on one machine.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
