// Command ipledger is the holders' and auditors' tool: keys, acts, look-ups and
// verification. A verb parses, calls one function and prints.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
