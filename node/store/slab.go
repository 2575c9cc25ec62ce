package store

// slab lends memory for the rows of one block after the other, and takes all of it
// back at once: the database copies what it is given.
type slab struct {
	all, free []byte
	asked     int
	items     []byte // of a run under way
}

// take is room for n bytes.
func (s *slab) take(n int) []byte {
	s.asked += n
	if n > len(s.free) {
		return make([]byte, 0, n)
	}
	out := s.free[:0:n]
	s.free = s.free[n:]
	return out
}

// reset takes back what was lent, and has enough for as much again.
func (s *slab) reset() {
	if s.asked > len(s.all) {
		s.all = make([]byte, s.asked)
	}
	s.free, s.asked = s.all, 0
}
