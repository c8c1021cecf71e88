/** The runtime on JGroups: every worker a node with its own threads and links. */
@NullMarked
package io.dlion.cluster;

import org.jspecify.annotations.NullMarked;
