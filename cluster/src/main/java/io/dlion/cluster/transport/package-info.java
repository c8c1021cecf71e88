/**
 * JGroups over TCP with TLS: its protocol stack, its connections, and where other workers are
 * looked for.
 */
@NullMarked
package io.dlion.cluster.transport;

import org.jspecify.annotations.NullMarked;
