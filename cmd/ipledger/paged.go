package main

import (
	"context"
	"net/url"
)

// pagesMax bounds how much of a list one command asks for: a hundred thousand
// entries.
const pagesMax = 100

// paged reads a list page by page; take reads one and gives the next of it.
func (s *session) paged(ctx context.Context, path string, query url.Values, take func(raw []byte) (next string, err error)) error {
	all := url.Values{"limit": {"1000"}}
	for name, value := range query {
		all[name] = value
	}
	for range pagesMax {
		raw, err := s.client().raw(ctx, path+"?"+all.Encode())
		if err != nil {
			return err
		}
		next, err := take(raw)
		if err != nil || next == "" {
			return err
		}
		all.Set("after", next)
	}
	s.err.linef("there are more; only the first %d pages are shown", pagesMax)
	return nil
}
