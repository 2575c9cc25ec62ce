package p2p

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// Bounds of peer exchange.
const (
	RecordsMax     = 16   // records in one answer: a node lacking peers needs a few
	RecordBytesMax = 2048 // one record; an honest one has about 300 bytes
	RecordAddrsMax = 8    // addresses tried of one record

	recordsBytesMax = 8 + RecordsMax*(RecordBytesMax+3)
	seekRequestMax  = 1 // an empty list
	seekPeriod      = 30 * time.Second
)

// recordList is the answer of peer exchange: signed peer records, as libp2p
// writes them, each in its envelope.
type recordList struct{ Records [][]byte }

func decodeRecordList(raw []byte) (recordList, error) {
	var l recordList
	if err := decode(raw, recordsBytesMax, &l); err != nil {
		return recordList{}, fmt.Errorf("list of peers: %w", err)
	}
	// specs/10 P2P-23: An answer MUST hold at most 16 signed peer records of at most
	// 2,048 bytes.
	if len(l.Records) > RecordsMax {
		return recordList{}, fmt.Errorf("list of peers: %w: %d records, at most %d (P2P-23)", ErrSize, len(l.Records), RecordsMax)
	}
	for i, r := range l.Records {
		if len(r) > RecordBytesMax {
			return recordList{}, fmt.Errorf("list of peers: %w: record %d has %d bytes, at most %d (P2P-23)", ErrSize, i, len(r), RecordBytesMax)
		}
	}
	return l, nil
}

// answerPeers is the records of some greeted peers, picked at random.
func (h *Host) answerPeers(asker peer.ID, request []byte) ([]byte, error) {
	if err := decode(request, seekRequestMax, &struct{}{}); err != nil {
		return nil, err
	}
	out := recordList{Records: [][]byte{}}
	signed := h.book.records(asker)
	rand.Shuffle(len(signed), func(i, j int) { signed[i], signed[j] = signed[j], signed[i] })
	out.Records = append(out.Records, signed[:min(len(signed), RecordsMax)]...)
	return encode(out), nil
}

// keepRecords notes the signed records that peers identify themselves with.
// libp2p checks them, and keeps only their addresses.
func (h *Host) keepRecords(identified event.Subscription) {
	defer identified.Close()
	for {
		select {
		case <-h.ctx.Done():
			return
		case e, ok := <-identified.Out():
			if !ok {
				return
			}
			done := e.(event.EvtPeerIdentificationCompleted)
			if done.SignedPeerRecord == nil {
				continue
			}
			if raw, err := done.SignedPeerRecord.Marshal(); err == nil && len(raw) <= RecordBytesMax {
				h.book.setRecord(done.Peer, raw)
			}
		}
	}
}

// seekForEver asks for peers while there are fewer than wanted.
func (h *Host) seekForEver() {
	for {
		h.sleep(seekPeriod + rand.N(seekPeriod/10))
		if h.ctx.Err() != nil {
			return
		}
		if p := h.book.random(); p != "" {
			h.seekFrom(p)
		}
	}
}

// seekFrom asks p for peers, unless there are enough, and dials those it names.
func (h *Host) seekFrom(p peer.ID) {
	defer h.survive(p)
	if len(h.book.list()) >= h.cfg.PeersTarget {
		return
	}
	raw, err := h.ask(h.ctx, p, h.names.peers, encode(struct{}{}), recordsBytesMax)
	var list recordList
	if err == nil {
		list, err = decodeRecordList(raw)
	}
	if err != nil {
		h.cfg.Logger.Debug("peer exchange failed", "peer", p, "err", err)
		if isForm(err) {
			h.offended(p, err)
		}
		return
	}
	for _, raw := range list.Records {
		if len(h.book.list()) >= h.cfg.PeersTarget || h.ctx.Err() != nil {
			return
		}
		if info, ok := h.readRecord(raw); ok {
			h.tryPeer(info)
		}
	}
}

// readRecord is where a signed record says that its peer is, as far as this
// node may dial there.
func (h *Host) readRecord(raw []byte) (peer.AddrInfo, bool) {
	// specs/10 P2P-24: A node MUST NOT dial an address that a peer told it of unless
	// the peer it leads to signed it, and it is public or within a trusted range.
	signed, payload, err := record.ConsumeEnvelope(raw, peer.PeerRecordEnvelopeDomain)
	if err != nil {
		return peer.AddrInfo{}, false
	}
	r, ok := payload.(*peer.PeerRecord)
	if !ok || !r.PeerID.MatchesPublicKey(signed.PublicKey) || r.PeerID == h.ID() {
		return peer.AddrInfo{}, false
	}
	addrs := slices.DeleteFunc(r.Addrs, func(a multiaddr.Multiaddr) bool { return !h.mayDial(a) })
	return peer.AddrInfo{ID: r.PeerID, Addrs: addrs[:min(len(addrs), RecordAddrsMax)]}, len(addrs) > 0
}

// mayDial keeps strangers from having this node knock at doors inside its
// operator's network.
func (h *Host) mayDial(a multiaddr.Multiaddr) bool {
	ip, err := manet.ToIP(a)
	if err != nil {
		return false // a name, which could lead anywhere
	}
	addr, ok := netip.AddrFromSlice(ip)
	if !ok {
		return false
	}
	trusted := func(t netip.Prefix) bool { return t.Contains(addr.Unmap()) }
	return manet.IsPublicAddr(a) || slices.ContainsFunc(h.cfg.Trusted, trusted)
}

func (h *Host) tryPeer(info peer.AddrInfo) {
	if h.host.Network().Connectedness(info.ID) == network.Connected {
		return
	}
	ctx, cancel := context.WithTimeout(h.ctx, dialPeriod)
	defer cancel()
	if err := h.connect(ctx, info); err != nil {
		h.cfg.Logger.Debug("peer heard of not reached", "peer", info.ID, "err", err)
	}
}
