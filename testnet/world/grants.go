package world

// Grant is a grant of the world: the holder gives another the possession of a
// part of a block, until notice.
type Grant struct {
	From, To  string // names of accounts
	Block     string
	Notice    uint64 // seconds
	SubGrants bool
}

// Grants are made by acts once a network runs, since a genesis holds titles alone.
var Grants = []Grant{
	{From: "ganga", To: "merlion", Block: "59.88.64.0/20", Notice: 30 * 24 * 3600, SubGrants: true},
	{From: "ipanema", To: "pampa", Block: "177.40.16.0/22", Notice: 7 * 24 * 3600},
	{From: "karoo", To: "baobab", Block: "2c00:f102:8000::/36", Notice: 24 * 3600},
}
