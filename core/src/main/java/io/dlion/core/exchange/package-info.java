/** What goes on each link: whole gradients, or the entries that matter most and fit. */
@NullMarked
package io.dlion.core.exchange;

import org.jspecify.annotations.NullMarked;
