/** All workers of a cluster in one process, with links of any speed between them. */
@NullMarked
package io.dlion.cluster.local;

import org.jspecify.annotations.NullMarked;
