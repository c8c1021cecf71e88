/** What checkers of every family share: what is seen of a worker, and what must hold for all. */
@NullMarked
package io.dlion.emulator.check.witness;

import org.jspecify.annotations.NullMarked;
