package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

// parameterAnswer is a number that votes may change, as it is.
type parameterAnswer struct {
	Name  said   `json:"name"`
	Value uint64 `json:"value,string"`
	Least uint64 `json:"least,string"`
	Most  uint64 `json:"most,string"`
}

// parameters asks for the numbers of the network, as they are in the newest state.
func (s *session) parameters(ctx context.Context) ([]parameterAnswer, error) {
	var page struct {
		Parameters []parameterAnswer `json:"parameters"`
	}
	return page.Parameters, s.client().get(ctx, "/v1/parameters", &page)
}

// parameter is one of them.
func (s *session) parameter(ctx context.Context, name string) (*parameterAnswer, error) {
	list, err := s.parameters(ctx)
	for i := range list {
		if string(list[i].Name) == name {
			return &list[i], err
		}
	}
	if err == nil {
		err = fail(exitNotFound, "there is no parameter %s", name).hint("ipledger gov parameters")
	}
	return nil, err
}

func govParameters(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "parameters [NAME]", Short: "Show the numbers that votes may change, or one, with their bounds",
		Example: "  ipledger gov parameters\n  ipledger gov parameters vote_seconds",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if s.json && len(args) == 0 {
				return s.spliceOf(cmd.Context(), "/v1/parameters")
			}
			list, err := s.parameters(cmd.Context())
			if err == nil && len(args) == 1 {
				var one *parameterAnswer
				if one, err = s.parameter(cmd.Context(), args[0]); err == nil {
					list = []parameterAnswer{*one}
				}
			}
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(map[string]any{"name": list[0].Name, "value": decimal(list[0].Value), "least": decimal(list[0].Least), "most": decimal(list[0].Most)})
			}
			s.tellParameters(list)
			return nil
		},
	}
}

func (s *session) tellParameters(list []parameterAnswer) {
	for _, x := range list {
		s.out.linef("%-21s %s, bounds %s to %s", x.Name.String(), x.shown(x.Value), x.shown(x.Least), x.shown(x.Most))
	}
	name := "PARAMETER"
	if len(list) == 1 {
		name = list[0].Name.String()
	}
	s.out.field("next", "ipledger gov propose parameter %s VALUE   # by members", name)
}

// shown is a value in words: durations as they are typed.
func (x *parameterAnswer) shown(n uint64) string {
	d := span(n)
	if strings.HasSuffix(string(x.Name), "_seconds") {
		return d.String()
	}
	return decimal(n)
}
