/** The files that {@code dlion tune} writes, and what other commands take from them. */
@NullMarked
package io.dlion.cli.tuned;

import org.jspecify.annotations.NullMarked;
