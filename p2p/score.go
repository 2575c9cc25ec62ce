package p2p

import (
	"net"
	"net/netip"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/peer"
)

// configuredScore lifts configured peers above others; InvalidMax plus two bad
// messages still silence one: 1500 - 100*7*7 < graylist.
const configuredScore = 1500

// scoreParams is how GossipSub judges peers: only by what is wrong for
// everybody. Deliveries in the mesh (P3) are off: in a small or quiet network
// they punish honest peers.
func scoreParams(topic string, b *book, trusted []netip.Prefix) *pubsub.PeerScoreParams {
	return &pubsub.PeerScoreParams{
		Topics: map[string]*pubsub.TopicScoreParams{topic: {
			TopicWeight:       0.1,
			TimeInMeshWeight:  0.0002778, // one point an hour
			TimeInMeshQuantum: time.Second,
			TimeInMeshCap:     1,

			FirstMessageDeliveriesWeight: 0.5,
			FirstMessageDeliveriesDecay:  pubsub.ScoreParameterDecay(10 * time.Minute),
			FirstMessageDeliveriesCap:    100,

			InvalidMessageDeliveriesWeight: -1000, // -100 for one, growing with the square
			InvalidMessageDeliveriesDecay:  pubsub.ScoreParameterDecay(time.Hour),
		}},
		AppSpecificScore: func(p peer.ID) float64 {
			if b.isConfigured(p) {
				return configuredScore
			}
			return 0
		},
		AppSpecificWeight:           1,
		IPColocationFactorWeight:    -50,
		IPColocationFactorThreshold: 10,
		IPColocationFactorWhitelist: ipNets(trusted),
		BehaviourPenaltyWeight:      -10,
		BehaviourPenaltyThreshold:   6,
		BehaviourPenaltyDecay:       pubsub.ScoreParameterDecay(time.Hour),
		DecayInterval:               pubsub.DefaultDecayInterval,
		DecayToZero:                 pubsub.DefaultDecayToZero,
		RetainScore:                 6 * time.Hour, // a short absence does not wash a score
	}
}

func scoreThresholds() *pubsub.PeerScoreThresholds {
	return &pubsub.PeerScoreThresholds{
		GossipThreshold:             -500,
		PublishThreshold:            -1000,
		GraylistThreshold:           -2500,
		AcceptPXThreshold:           1000,
		OpportunisticGraftThreshold: 3.5,
	}
}

// gossipParams is a mesh of eight: full nodes come and go, and acts are small.
func gossipParams() pubsub.GossipSubParams {
	p := pubsub.DefaultGossipSubParams()
	p.D, p.Dlo, p.Dhi = 8, 6, 12
	p.Dscore, p.Dout, p.Dlazy = 6, 3, 12
	p.HistoryLength, p.HistoryGossip = 10, 3
	return p
}

func ipNets(prefixes []netip.Prefix) []*net.IPNet {
	var out []*net.IPNet
	for _, p := range prefixes {
		addr := p.Masked().Addr()
		out = append(out, &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(p.Bits(), addr.BitLen())})
	}
	return out
}
