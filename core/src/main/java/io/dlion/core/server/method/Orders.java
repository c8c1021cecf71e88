package io.dlion.core.server.method;

/**
 * What a server is to do beyond answering.
 *
 * @param change of the global model
 * @param replans whether clients are to be told their plans at once, not only with an answer
 * @param news whether {@link Method#status} has changed
 */
public record Orders(Change change, boolean replans, boolean news) {
  /** Nothing. */
  public static final Orders NONE = new Orders(Change.NONE, false, false);

  /** New plans, and news. */
  public static final Orders REPLAN = new Orders(Change.NONE, true, true);

  /** What becomes of the global model. */
  public enum Change {
    /** Nothing. */
    NONE,
    /** A copy of it is kept. */
    KEEP,
    /**
     * It becomes again what was kept, and commits that began before are no longer applied; the copy
     * stays.
     */
    RESTORE
  }
}
