/** The node itself: events in, actions out. */
@NullMarked
package io.dlion.core.node;

import org.jspecify.annotations.NullMarked;
