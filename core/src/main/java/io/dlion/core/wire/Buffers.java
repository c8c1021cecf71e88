package io.dlion.core.wire;

/**
 * Where the arrays of outgoing messages come from; a runtime takes them back when a message has
 * been consumed.
 */
@FunctionalInterface
public interface Buffers {
  /** Fresh arrays, for tests and for runtimes that do not reuse them. */
  Buffers FRESH = byte[]::new;

  /** An array of at least {@code size} bytes, contents undefined. */
  byte[] take(int size);
}
