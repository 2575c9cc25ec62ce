package tiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"ipledger/ledger/blocklog"
)

const (
	// WitnessesMax is how many witnesses a node asks: each adds a line of at most
	// 250 bytes to the note.
	WitnessesMax = blocklog.SignaturesMax - 1
	// witnessPatience is how long one answer may take.
	witnessPatience = 5 * time.Second
	answerBytesMax  = 4 << 10
)

// Witness is where a witness is asked for cosignatures, and its key.
type Witness struct {
	Key blocklog.Witness
	URL string // that /add-checkpoint follows
}

// ParseWitness reads a verifier key, a space and a URL.
func ParseWitness(text string) (w Witness, err error) {
	key, url, _ := strings.Cut(text, " ")
	if w.Key, err = blocklog.ParseWitness(key); err != nil {
		return w, err
	}
	if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		return w, fmt.Errorf("%w: a witness is its key, a space and a URL", blocklog.ErrForm)
	}
	w.URL = strings.TrimSuffix(url, "/")
	return w, nil
}

// witness is one that is asked, and the size that it signed last.
type witness struct {
	Witness
	signed uint64
}

// cosigned is the lines that the witnesses add to a note, in their order; a
// witness that does not answer adds none.
func (p *Published) cosigned(ctx context.Context, c blocklog.Checkpoint, note []byte) []byte {
	lines := make([][]byte, len(p.asked))
	var all sync.WaitGroup
	for i, w := range p.asked {
		all.Go(func() {
			line, err := w.ask(ctx, p.tiles, c, note)
			if err != nil && ctx.Err() == nil {
				p.log.WarnContext(ctx, "a witness did not sign", "witness", w.Key.Name(), "size", c.Size, "err", err)
			}
			lines[i] = line
		})
	}
	all.Wait()
	return bytes.Join(lines, nil)
}

// conflict is the size that a witness says it signed last.
type conflict uint64

func (c conflict) Error() string { return fmt.Sprintf("it signed size %d last", uint64(c)) }

// ask gives a checkpoint to the witness, once more if it signed another size
// than this node remembers.
func (w *witness) ask(ctx context.Context, t *Tiles, c blocklog.Checkpoint, note []byte) ([]byte, error) {
	line, err := w.post(ctx, t, c, note)
	var last conflict
	if errors.As(err, &last) && uint64(last) != w.signed && uint64(last) <= c.Size {
		w.signed = uint64(last)
		line, err = w.post(ctx, t, c, note)
	}
	if err == nil {
		w.signed = c.Size
	}
	return line, err
}

func (w *witness) post(ctx context.Context, t *Tiles, c blocklog.Checkpoint, note []byte) ([]byte, error) {
	proof, err := blocklog.Consistency(t.Read, min(w.signed, c.Size), c.Size)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, witnessPatience)
	defer cancel()
	body := blocklog.Request{Old: proof.Old, Path: proof.Path, Note: note}.Bytes()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL+"/add-checkpoint", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerBytesMax))
	if err != nil {
		return nil, err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return w.line(note, answer)
	case http.StatusConflict:
		last, err := strconv.ParseUint(strings.TrimSuffix(string(answer), "\n"), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("it refuses, and says no size: %w", err)
		}
		return nil, conflict(last)
	}
	return nil, fmt.Errorf("it answers %s", res.Status)
}

// line is the witness's own line of its answer, if it verifies.
func (w *witness) line(note, answer []byte) ([]byte, error) {
	for one := range bytes.Lines(answer) {
		n, err := blocklog.Open(append(bytes.Clone(note), one...), w.Key)
		if err == nil && len(n.Signers) == 1 {
			return one, nil
		}
	}
	return nil, errors.New("no line of its answer verifies")
}
