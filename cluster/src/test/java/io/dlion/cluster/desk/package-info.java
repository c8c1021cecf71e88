/** Tests of desks. */
@NullMarked
package io.dlion.cluster.desk;

import org.jspecify.annotations.NullMarked;
