/** What somebody outside of the training asks of workers, and how they answer. */
@NullMarked
package io.dlion.cluster.desk;

import org.jspecify.annotations.NullMarked;
