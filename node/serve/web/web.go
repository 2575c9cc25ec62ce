// Package web is what a node gives to browsers. Today that is the second verifier
// of proof files: plain JavaScript that is served as it is written, so that whoever
// checks a proof with it can read what checks it.
//
// It promises that what it serves is in this program and changes with it alone. It
// keeps no state, asks nothing of the ledger and accepts nothing.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed verifier/*.js
var files embed.FS

// Root is the path that Handler serves below.
const Root = "/verifier/"

// Verifier is the files of the verifier; verify.js is the one to import. They
// import @noble/curves and @noble/hashes, which whoever uses them brings along.
func Verifier() fs.FS {
	sub, err := fs.Sub(files, "verifier")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Handler serves the verifier's files below Root to anyone, from any site: they
// are the same for all and say nothing of who asks.
func Handler() http.Handler {
	all := http.StripPrefix(Root, http.FileServerFS(Verifier()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the verifier is only read", http.StatusMethodNotAllowed)
			return
		}
		if r.URL.Path == Root {
			http.NotFound(w, r) // no listing of the folder
			return
		}
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		all.ServeHTTP(w, r)
	})
}
