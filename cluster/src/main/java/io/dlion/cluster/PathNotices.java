package io.dlion.cluster;

import io.dlion.cluster.line.PathWatch;
import io.dlion.cluster.line.Station;
import io.dlion.core.Phrase;

/**
 * Tells people which ways to others have changed.
 *
 * @param worker whose ways they are
 */
record PathNotices(ClusterWorker worker) implements PathWatch {
  @Override
  public void relayed(Station peer, Station via) {
    worker.notice(
        Phrase.of(
            "no direct way to %s: what goes there goes by %s, which cannot read it",
            peer.name(), via.name()));
    worker.pathsChanged();
  }

  @Override
  public void direct(Station peer, long relayedNanos) {
    worker.notice(
        Phrase.of(
            "%s is reached directly again, after %d s by others",
            peer.name(), relayedNanos / 1_000_000_000));
    worker.pathsChanged();
  }

  @Override
  public void forwards(String one, String other, boolean begins) {
    worker.notice(
        begins
            ? Phrase.of("%s and %s cannot reach each other: forwards between them", one, other)
            : Phrase.of("no longer forwards between %s and %s", one, other));
  }

  @Override
  public void told(String text) {
    worker.notice(text);
  }
}
