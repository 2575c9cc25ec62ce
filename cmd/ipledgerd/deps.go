package main

import (
	_ "github.com/cometbft/cometbft/node"
	_ "github.com/cometbft/cometbft-db"
	_ "github.com/dgraph-io/badger/v4"
	_ "github.com/ethereum/go-ethereum/crypto"
	_ "github.com/ethereum/go-ethereum/rlp"
	_ "github.com/ethereum/go-ethereum/accounts/keystore"
	_ "github.com/ethereum/go-ethereum/signer/core/apitypes"
	_ "github.com/libp2p/go-libp2p"
	_ "github.com/libp2p/go-libp2p-pubsub"
	_ "github.com/oasisprotocol/curve25519-voi/primitives/ed25519"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/spf13/cobra"
	_ "github.com/spf13/viper"
	_ "github.com/transparency-dev/merkle/compact"
	_ "github.com/ulikunitz/xz"
	_ "github.com/BurntSushi/toml"
	_ "golang.org/x/crypto/cryptobyte"
	_ "golang.org/x/text/unicode/norm"
	_ "golang.org/x/time/rate"
	_ "golang.org/x/sync/errgroup"
)

func main() {}
