/** The seam: events in, actions out; and what nodes of every family need. */
@NullMarked
package io.dlion.core.node;

import org.jspecify.annotations.NullMarked;
