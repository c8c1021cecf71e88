package io.dlion.cluster.line;

/** Is told which ways to others have changed. Called on any thread; must not wait. */
public interface PathWatch {
  /** Nobody wants to know. */
  PathWatch NOBODY =
      new PathWatch() {
        @Override
        public void relayed(Station peer, Station via) {}

        @Override
        public void direct(Station peer, long relayedNanos) {}

        @Override
        public void forwards(String one, String other, boolean begins) {}

        @Override
        public void told(String text) {}
      };

  /** There is no direct way to a peer: it is reached through another. */
  void relayed(Station peer, Station via);

  /** A peer that was reached through another for so long is reached directly. */
  void direct(Station peer, long relayedNanos);

  /** This process begins, or no longer has, to forward between two that cannot reach each other. */
  void forwards(String one, String other, boolean begins);

  /** Something a person should know, in a line. */
  void told(String text);
}
