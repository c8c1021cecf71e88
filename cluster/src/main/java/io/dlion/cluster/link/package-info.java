/** The directed link to one peer: queues, parts, receipts, and the pace at which it is sent. */
@NullMarked
package io.dlion.cluster.link;

import org.jspecify.annotations.NullMarked;
