/** The two channels of a worker to others on the network, and what each message on them means. */
@NullMarked
package io.dlion.cluster.tcp;

import org.jspecify.annotations.NullMarked;
