package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// heartbeat is how often an idle stream shows that it lives.
const heartbeat = 15 * time.Second

// writePatience is how long one event may take to leave.
const writePatience = 10 * time.Second

// hub passes new views to many readers. One that lags more than StreamBuffer
// behind is dropped: it comes back and asks for the changes it missed.
type hub struct {
	mu      sync.Mutex
	readers map[chan View]struct{}
	closed  bool
}

func newHub() *hub { return &hub{readers: map[chan View]struct{}{}} }

func (h *hub) publish(v View) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.readers {
		select {
		case c <- v:
		default:
			delete(h.readers, c)
			close(c)
		}
	}
}

// join gives a channel of views, closed when the reader is dropped or the API
// ends. leave may be called at any time.
func (h *hub) join() (views <-chan View, leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan View, StreamBuffer)
	if h.closed {
		close(c)
		return c, func() {}
	}
	h.readers[c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.readers, c)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for c := range h.readers {
		delete(h.readers, c)
		close(c)
	}
}

func (h *hub) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.readers)
}

// headEvent is a new head as a stream tells of it.
type headEvent struct {
	Height     light.Decimal `json:"height"`
	Time       light.Instant `json:"time"`
	HeaderHash wire.Hash     `json:"header_hash"`
	AppHash    wire.Hash     `json:"app_hash"`
	Changed    bool          `json:"changed"`
}

func headOf(v View) headEvent {
	return headEvent{light.Decimal(v.Height), light.Instant(v.Time), v.HeaderHash, v.AppHash(), v.Bearing}
}

// events streams new heads as server-sent events.
//
// specs/13 API-7: A reader of events MUST be dropped when it falls 16 heads
// behind or takes more than ten seconds for one.
func (a *API) events(w http.ResponseWriter, r *http.Request) error {
	if a.hub.size() >= StreamsMax+WaitersMax {
		return ErrBusy
	}
	heads, leave := a.hub.join()
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	s := stream{w, http.NewResponseController(w)}
	if v := a.Ledger.View(); v.Height > 0 && !s.head(v) {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case v, open := <-heads:
			if !open || !s.head(v) {
				return nil
			}
		case <-beat.C:
			if !s.write(": alive\n\n") {
				return nil
			}
		case <-r.Context().Done():
			return nil
		}
	}
}

// stream writes events; its methods report whether the reader is still there.
type stream struct {
	w http.ResponseWriter
	c *http.ResponseController
}

func (s stream) head(v View) bool {
	data, err := json.Marshal(headOf(v))
	return err == nil && s.write(fmt.Sprintf("event: head\nid: %d\ndata: %s\n\n", v.Height, data))
}

func (s stream) write(text string) bool {
	// A writer without deadlines, such as a recorder, needs none.
	_ = s.c.SetWriteDeadline(time.Now().Add(writePatience))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.c.Flush() == nil
}
