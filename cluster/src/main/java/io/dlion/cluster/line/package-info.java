/**
 * Connections between processes, direct or through others: one port, TLS from end to end. Whoever
 * can be reached by anybody can be reached by all.
 */
@NullMarked
package io.dlion.cluster.line;

import org.jspecify.annotations.NullMarked;
