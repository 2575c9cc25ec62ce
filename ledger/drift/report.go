package drift

import "slices"

// ListedMax bounds what a report lists of a category: some 100 bytes each.
const ListedMax = 10_000

// Report is a comparison that is kept: its counts, and of each category that is a
// difference the first findings.
type Report struct {
	Counts
	Listed [Categories][]Finding // at most ListedMax each, in order
}

// Gather compares and keeps. An error wraps ErrSums.
//
// specs/31 DRIFT-11: What it lists is bounded to 10,000 findings a category; beyond
// that it counts.
func Gather(in Input) (*Report, error) {
	r := new(Report)
	counts, err := Compare(in, func(f *Finding) error {
		if list := &r.Listed[f.Category]; f.Category.Differs() && len(*list) < ListedMax {
			*list = append(*list, *f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.Counts = *counts
	return r, r.Check()
}

// Differs reports whether findings of the category are differences; the others are
// what the ledger, the RPKI and the table agree about, or what the ledger is silent about.
func (c Category) Differs() bool { return c != RouteUnknown && c != RouteValid && c != Agreed }

// News is what is new of a category.
type News struct {
	Category Category
	Count    int
	First    []Finding // at most NewsMax
}

// NewsMax bounds the findings that are shown of news.
const NewsMax = 3

// Since is what drifts and did not before; a nil before is that nothing did. Where
// the earlier report could not list all of a category, what lies beyond its list is
// new by its number alone.
//
// specs/31 DRIFT-10: ... warn once of findings that were not there before, counted by
// category with the first three.
func (r *Report) Since(before *Report) (out []News) {
	if before == nil {
		before = new(Report)
	}
	for _, c := range Alarms {
		n := News{Category: c}
		known := before.Listed[c]
		whole := len(known) == before.Found[c]
		for _, f := range r.Listed[c] {
			i, was := slices.BinarySearchFunc(known, f, CompareFindings)
			if was || i == len(known) && !whole {
				continue
			}
			if n.Count++; len(n.First) < NewsMax {
				n.First = append(n.First, f)
			}
		}
		if !whole || len(r.Listed[c]) < r.Found[c] {
			n.Count = max(n.Count, r.Found[c]-before.Found[c])
		}
		if n.Count > 0 {
			out = append(out, n)
		}
	}
	return out
}
