/** Desks that are reached by connections of their own, straight to the seeds. */
@NullMarked
package io.dlion.cluster.desk.direct;

import org.jspecify.annotations.NullMarked;
