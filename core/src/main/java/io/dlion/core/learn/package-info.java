/** What a node needs of a tensor engine and of a data set, and nothing more. */
@NullMarked
package io.dlion.core.learn;

import org.jspecify.annotations.NullMarked;
