package tree

// nearEach is how many ways down a tree are gone at once: about as many as a
// processor waits for memory on at once.
const nearEach = 12

// Near goes to where keys stand, many at a time, and looks at what is there: a
// hint, for who will ask for all of them. Each step down waits for the memory of
// one node; going down many ways at once, the waits are one. It changes nothing,
// and what it returns means nothing but that it looked.
func (f *forest) Near(keys []Key) (seen int) {
	for len(keys) > nearEach {
		seen += f.near(keys[:nearEach])
		keys = keys[nearEach:]
	}
	return seen + f.near(keys)
}

func (f *forest) near(keys []Key) (seen int) {
	var at [nearEach]kid
	for i := range keys {
		at[i].node = f[keys[i].Subtree]
	}
	for down := true; down; {
		down = false
		for i := range keys {
			if n := at[i].node; n != nil && n.len < keys[i].Len {
				at[i] = n.kids[keys[i].bit(int(n.len))]
				down = true
			}
		}
	}
	var data [nearEach][]byte
	for i := range keys {
		if l := at[i].leaf(); l != nil {
			data[i] = l.Data
		}
	}
	for _, raw := range data {
		for j := 0; j < len(raw); j += 64 { // a line of memory
			seen += int(raw[j])
		}
	}
	return seen
}
