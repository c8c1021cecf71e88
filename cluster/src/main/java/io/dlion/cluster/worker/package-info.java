/** One worker: a node with its threads, its learner, its links and its clock. */
@NullMarked
package io.dlion.cluster.worker;

import org.jspecify.annotations.NullMarked;
