/** One worker on a network, from meeting the others to the model of the run. */
@NullMarked
package io.dlion.cluster;

import org.jspecify.annotations.NullMarked;
