package io.dlion.core.exchange;

import io.dlion.core.wire.Payload;

/**
 * A gradient message ready to be sent.
 *
 * @param payload its bytes; several links may share one
 * @param iteration the newest iteration it covers
 * @param n Max N's N, 100 for a whole gradient, 0 for none
 * @param share of the model's entries that are in it, in [0, 1]
 */
public record Outgoing(Payload payload, long iteration, double n, double share) {}
