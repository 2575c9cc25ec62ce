package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// TestClosed_bounded holds that a node whose disk is gone ends all the same.
func TestClosed_bounded(t *testing.T) {
	gone := errors.New("gone")
	if err := closed(func() error { return gone }, time.Minute); !errors.Is(err, gone) {
		t.Errorf("closed says %v, want %v", err, gone)
	}
	forever := make(chan struct{})
	defer close(forever)
	err := closed(func() error { <-forever; return nil }, time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "did not close within 1ms") {
		t.Errorf("a close without end says %v", err)
	}
}
